package dev.postern.accesslog.line;

import dev.postern.net.RequestHeaders;
import org.jspecify.annotations.Nullable;

/// The source of the values of one line.
interface FieldSource {
  /// The message that header lines belong to.
  enum Side {
    /// the request
    REQUEST("request_"),
    /// the upstream's response
    ORIGIN("origin_"),
    /// the response that was sent
    DOWNSTREAM("downstream_");

    private final String prefix;

    Side(String prefix) {
      this.prefix = prefix;
    }

    /// The prefix of its fields' names.
    String prefix() {
      return prefix;
    }
  }

  /// The value of a field.
  ///
  /// @return a `String` of raw bytes, a `Long`, a `Double` or an `Instant`, or null if it has none
  @Nullable Object value(Field field);

  /// Header lines.
  ///
  /// @return the lines, or null if there was no such message
  @Nullable RequestHeaders headers(Side side);
}
