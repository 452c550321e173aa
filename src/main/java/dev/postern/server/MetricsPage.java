package dev.postern.server;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// The page `/metrics`, which the admin entry point has and each auth entry point may have.
///
/// @param contentType its content type
/// @param text the text
public record MetricsPage(String contentType, ByteBuffer text) {
  /// Where it is.
  public static final String PATH = "/metrics";

  /// Why a loopback entry point refuses a request whose host is another one.
  public static final String FOREIGN_HOST = "On loopback the Host has to be loopback, too.";

  /// Prints the page.
  @FunctionalInterface
  public interface Printer {
    /// Prints it as it is now.
    ///
    /// @param accept all values of `Accept`, joined with commas, or null
    /// @return the page in a format that the client accepts
    MetricsPage print(@Nullable String accept);
  }
}
