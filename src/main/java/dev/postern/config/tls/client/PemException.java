package dev.postern.config.tls.client;

import dev.postern.config.Problem;
import java.io.IOException;

/// A PEM file that cannot be used. The message begins with the configuration key that names the
/// file.
public final class PemException extends IOException {
  private static final long serialVersionUID = 1L;

  private final String key;
  private final String reason;

  /// Creates an exception.
  ///
  /// @param key the key that names the file
  /// @param reason the file, what is wrong with it, and the fix
  public PemException(String key, String reason) {
    super(key + ": " + reason);
    this.key = key;
    this.reason = reason;
  }

  /// The same as a configuration problem.
  public Problem problem() {
    return new Problem(key, reason);
  }
}
