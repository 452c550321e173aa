package dev.postern.verdict;

import org.jspecify.annotations.Nullable;

/// Reads tokens that come directly from the upstream, so signatures are not checked.
@FunctionalInterface
public interface TokenReader {
  /// Reads the claims of a token.
  ///
  /// @param token compact JWT
  /// @return its claims, or null if it is not a JWT
  @Nullable TokenClaims read(String token);
}
