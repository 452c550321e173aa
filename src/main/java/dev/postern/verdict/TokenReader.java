package dev.postern.verdict;

import org.jspecify.annotations.Nullable;

/// Reads tokens that the upstream itself has sent, so without checking a signature.
@FunctionalInterface
public interface TokenReader {
  /// Reads the claims of a token.
  ///
  /// @param token compact JWT
  /// @return its claims, or null when it is not one
  @Nullable TokenClaims read(String token);
}
