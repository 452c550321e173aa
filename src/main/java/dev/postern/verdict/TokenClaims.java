package dev.postern.verdict;

import org.jspecify.annotations.Nullable;

/// What a token says about its session (docs/design/authentik.md section 2.3).
///
/// @param sub subject, or null when absent
/// @param sid session id, or null for tokens without a session
/// @param audience `aud`, or null when absent or more than one
/// @param expiresAtMillis `exp` in milliseconds since the epoch, or null when absent
public record TokenClaims(
    @Nullable String sub,
    @Nullable String sid,
    @Nullable String audience,
    @Nullable Long expiresAtMillis) {
  /// A token that does not say whom it is meant for.
  ///
  /// @param sub subject, or null when absent
  /// @param sid session id, or null for tokens without a session
  /// @param expiresAtMillis `exp` in milliseconds since the epoch, or null when absent
  public TokenClaims(@Nullable String sub, @Nullable String sid, @Nullable Long expiresAtMillis) {
    this(sub, sid, null, expiresAtMillis);
  }
}
