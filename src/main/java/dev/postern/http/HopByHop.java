package dev.postern.http;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Headers that end at each connection (RFC 9110 section 7.6.1).
public final class HopByHop {
  private static final Set<String> NAMES =
      Set.of(
          "connection",
          "keep-alive",
          "proxy-connection",
          "te",
          "trailer",
          "trailers",
          "transfer-encoding",
          "upgrade",
          "http2-settings");

  private HopByHop() {}

  /// Whether a header belongs to one connection alone.
  ///
  /// @param name header name
  /// @return whether it must not be handed on
  public static boolean contains(String name) {
    return NAMES.contains(name.toLowerCase(Locale.ROOT));
  }

  /// Takes away what must not be handed on.
  ///
  /// @param headers the header lines of a message
  /// @return the other lines, in their order
  public static HeaderLines removeFrom(HeaderLines headers) {
    List<HeaderLine> lines = headers.lines();
    return lines.stream().anyMatch(line -> contains(line.name()))
        ? HeaderLines.of(lines.stream().filter(line -> !contains(line.name())).toList())
        : headers;
  }
}
