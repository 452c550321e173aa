package dev.postern.accesslog.line;

import dev.postern.net.RequestHeaders;
import org.jspecify.annotations.Nullable;

/// Where the values of one line come from.
interface FieldSource {
  /// Whose header lines.
  enum Side {
    /// the request's
    REQUEST("request_"),
    /// the upstream's
    ORIGIN("origin_"),
    /// those that were sent
    DOWNSTREAM("downstream_");

    private final String prefix;

    Side(String prefix) {
      this.prefix = prefix;
    }

    /// What the names of its fields begin with.
    String prefix() {
      return prefix;
    }
  }

  /// The value of a field.
  ///
  /// @param field the field
  /// @return a `String` of raw bytes, a `Long`, a `Double` or an `Instant`, or null where it has
  ///   none
  @Nullable Object value(Field field);

  /// Header lines.
  ///
  /// @param side whose
  /// @return the lines, or null when there was no such message
  @Nullable RequestHeaders headers(Side side);
}
