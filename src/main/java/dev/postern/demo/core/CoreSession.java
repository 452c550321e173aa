package dev.postern.demo.core;

import java.time.Instant;

/// A session of the core, that is of a browser at the login page.
///
/// @param key the value of the core's session cookie
/// @param user who is logged in
/// @param began when the password was given
/// @param secondFactor whether a one-time code was given
public record CoreSession(String key, DemoUser user, Instant began, boolean secondFactor) {
  /// The session's name in tokens and in session-end messages.
  ///
  /// @return SHA-256 of the key in hexadecimal
  public String sid() {
    return Hmac.sha256Hex(key);
  }

  CoreSession withSecondFactor() {
    return new CoreSession(key, user, began, true);
  }
}
