package dev.postern.net;

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

  /// How the names of Postern's own lines begin.
  private static final String OWN = "x-postern-";

  private HopByHop() {}

  /// Whether a header belongs to one connection alone.
  ///
  /// @param name header name
  /// @return whether it must not be handed on
  public static boolean contains(String name) {
    return NAMES.contains(name.toLowerCase(Locale.ROOT));
  }

  /// Takes away from a response of the upstream what must not be handed on: besides the lines of
  /// the connection those that are called as Postern's own. Where a verdict came from is said by
  /// Postern alone, and the mark of [LoopGuard], which an upstream may send back, is not for
  /// clients.
  ///
  /// @param headers the header lines of the response
  /// @return the other lines, in their order
  public static HeaderLines removeFromResponse(HeaderLines headers) {
    List<HeaderLine> lines = headers.lines();
    return lines.stream().anyMatch(HopByHop::endsHere)
        ? HeaderLines.of(lines.stream().filter(line -> !endsHere(line)).toList())
        : headers;
  }

  private static boolean endsHere(HeaderLine line) {
    return contains(line.name()) || line.name().regionMatches(true, 0, OWN, 0, OWN.length());
  }
}
