package dev.postern.accesslog.line;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The `traceparent` header (W3C Trace Context section 3.2).
///
/// @param traceId 32 hexadecimal digits
/// @param spanId 16 hexadecimal digits
record TraceContext(String traceId, String spanId) {
  private static final Pattern HEADER =
      Pattern.compile(
          "(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}(-.*)?");

  /// Parses the header.
  ///
  /// @return null if the header is missing or not valid
  static @Nullable TraceContext of(@Nullable String header) {
    if (header == null) {
      return null;
    }
    Matcher matcher = HEADER.matcher(header);
    return matcher.matches() ? new TraceContext(matcher.group(1), matcher.group(2)) : null;
  }
}
