package dev.postern.demo.idp;

import java.util.Locale;
import java.util.Optional;

/// How the outpost misbehaves.
public enum FaultMode {
  /// not at all
  NONE,
  /// connections are refused
  DOWN,
  /// no response until the mode changes, then the connection ends
  HANG,
  /// the right response, one byte every 20 ms
  SLOW,
  /// the connection is reset without a response
  RESET,
  /// bytes that are not HTTP
  GARBAGE,
  /// the first half of the right response
  TRUNCATED,
  /// the right response with a `Content-Length` that is larger than its body
  WRONG_LENGTH,
  /// 503 for everything
  SERVER_ERROR,
  /// the embedded store cannot reach its database
  DATABASE_DOWN;

  /// Finds a mode by its name in the admin API.
  ///
  /// @param name the name, any case, words joined by a dash or an underscore
  /// @return the mode, or nothing
  public static Optional<FaultMode> named(String name) {
    String constant = name.toUpperCase(Locale.ROOT).replace('-', '_');
    for (FaultMode mode : values()) {
      if (mode.name().equals(constant)) {
        return Optional.of(mode);
      }
    }
    return Optional.empty();
  }
}
