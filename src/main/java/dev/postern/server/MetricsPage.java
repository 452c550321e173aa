package dev.postern.server;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// The page `/metrics` of the admin entry point and, if enabled, of auth entry points.
public record MetricsPage(String contentType, ByteBuffer text) {
  /// Its path.
  public static final String PATH = "/metrics";

  /// Sent by a loopback entry point for a request with a foreign `Host`.
  public static final String FOREIGN_HOST =
      "On a loopback entry point the Host must be loopback, too.";

  /// Prints the page.
  @FunctionalInterface
  public interface Printer {
    /// Prints the current values.
    ///
    /// @param accept all values of `Accept`, joined with commas, or null
    /// @return the page in a format that the client accepts
    MetricsPage print(@Nullable String accept);
  }
}
