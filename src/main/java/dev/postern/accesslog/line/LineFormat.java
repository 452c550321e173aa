package dev.postern.accesslog.line;

import dev.postern.config.AccessLogConfig;
import java.time.Instant;
import java.time.ZoneId;

/// Formats lines, each with its line end.
sealed interface LineFormat permits CommonFormat, JsonFormat {
  /// Appends a line.
  ///
  /// @param source values of the fields
  /// @param now the time of writing
  /// @param out raw bytes, one per character
  void append(FieldSource source, Instant now, StringBuilder out);

  static LineFormat of(AccessLogConfig.Format format, Selection selection, ZoneId zone) {
    return switch (format) {
      case COMMON -> new CommonFormat(selection, zone, true);
      case GENERIC_CLF -> new CommonFormat(selection, zone, false);
      case JSON -> new JsonFormat(selection, zone);
    };
  }
}
