package dev.postern.server.edge;

import dev.postern.net.RequestHeaders;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Identifies hop-by-hop header lines (RFC 9110 section 7.6.1).
final class ConnectionLines {
  private ConnectionLines() {}

  /// The names listed in the `Connection` lines of a message.
  ///
  /// @return the names in lower case; a set, because each header line is looked up in it
  static Set<String> named(RequestHeaders headers) {
    List<String> lines = headers.values("Connection");
    if (lines.isEmpty()) {
      return Set.of();
    }
    Set<String> names = new HashSet<>();
    for (String line : lines) {
      for (String name : line.split(",", -1)) {
        String stripped = name.strip();
        if (!stripped.isEmpty()) {
          names.add(stripped.toLowerCase(Locale.ROOT));
        }
      }
    }
    return names;
  }

  /// Whether `Connection` must not list this name, because removing the line could change the
  /// verdict.
  ///
  /// @param name in lower case
  static boolean isNeeded(String name) {
    return switch (name) {
      case "cookie", "authorization", "host", "content-length", "transfer-encoding" -> true;
      default -> name.startsWith("x-forwarded-");
    };
  }

  /// Whether a hop-by-hop line stays in the head for the handler, which must see it to refuse an
  /// upgrade. Handlers do not relay it.
  static boolean isForHandlers(String name) {
    return name.equalsIgnoreCase("Connection") || name.equalsIgnoreCase("Upgrade");
  }

  /// Whether a response's line is hop-by-hop.
  static boolean isOfConnection(String name) {
    return switch (name.length()) {
      case 7 -> name.equalsIgnoreCase("Upgrade");
      case 10 -> name.equalsIgnoreCase("Connection") || name.equalsIgnoreCase("Keep-Alive");
      case 16 -> name.equalsIgnoreCase("Proxy-Connection");
      case 17 -> name.equalsIgnoreCase("Transfer-Encoding");
      default -> false;
    };
  }
}
