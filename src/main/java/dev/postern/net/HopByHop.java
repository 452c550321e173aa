package dev.postern.net;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Headers that belong to a single connection (RFC 9110 section 7.6.1).
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

  /// Prefix of Postern's own headers.
  private static final String OWN = "x-postern-";

  private HopByHop() {}

  /// Whether a header belongs to a single connection and must not be forwarded.
  public static boolean contains(String name) {
    return NAMES.contains(name.toLowerCase(Locale.ROOT));
  }

  /// Removes from an upstream response what must not be forwarded: connection headers, and headers
  /// with Postern's own prefix. Only Postern says where a verdict came from, and an upstream may
  /// echo the mark of [LoopGuard], which clients must not see.
  ///
  /// @return the other lines, in order
  public static HeaderLines removeFromResponse(HeaderLines headers) {
    List<HeaderLine> lines = headers.lines();
    return lines.stream().anyMatch(HopByHop::isNotForwarded)
        ? HeaderLines.of(lines.stream().filter(line -> !isNotForwarded(line)).toList())
        : headers;
  }

  private static boolean isNotForwarded(HeaderLine line) {
    return contains(line.name()) || line.name().regionMatches(true, 0, OWN, 0, OWN.length());
  }
}
