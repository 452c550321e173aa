package dev.postern.server.edge;

import dev.postern.net.RequestHeaders;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Which header lines belong to a connection and end there (RFC 9110 section 7.6.1).
final class ConnectionLines {
  private ConnectionLines() {}

  /// The names that the `Connection` lines of a message name.
  ///
  /// @return the names in lower case; a set, because each line of the head is looked up in it
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

  /// Whether a name must not be declared to end here: what a verdict depends on would be gone.
  ///
  /// @param name in lower case
  static boolean isNeeded(String name) {
    return switch (name) {
      case "cookie", "authorization", "host", "content-length", "transfer-encoding" -> true;
      default -> name.startsWith("x-forwarded-");
    };
  }

  /// Whether a line stays in the head although it ends here: a handler may have to refuse what it
  /// asks for, and hands it on to nobody.
  static boolean isForHandlers(String name) {
    return name.equalsIgnoreCase("Connection") || name.equalsIgnoreCase("Upgrade");
  }

  /// Whether a response's line belongs to the connection.
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
