package dev.postern.verdict;

import org.jspecify.annotations.Nullable;

/// A token's claims about its session (docs/design/authentik.md section 2.3).
///
/// @param sub subject, or null if absent
/// @param sid session id, or null for tokens without a session
/// @param audience `aud`, or null if absent or more than one
/// @param expiresAtMillis `exp` in milliseconds since the epoch, or null if absent
public record TokenClaims(
    @Nullable String sub,
    @Nullable String sid,
    @Nullable String audience,
    @Nullable Long expiresAtMillis) {
  /// Claims without an audience.
  ///
  /// @param sub subject, or null if absent
  /// @param sid session id, or null for tokens without a session
  /// @param expiresAtMillis `exp` in milliseconds since the epoch, or null if absent
  public TokenClaims(@Nullable String sub, @Nullable String sid, @Nullable Long expiresAtMillis) {
    this(sub, sid, null, expiresAtMillis);
  }
}
