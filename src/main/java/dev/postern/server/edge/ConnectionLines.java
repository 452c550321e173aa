package dev.postern.server.edge;

import dev.postern.http.RequestHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Which header lines belong to a connection and end there (RFC 9110 section 7.6.1).
final class ConnectionLines {
  private ConnectionLines() {}

  /// The names that the `Connection` lines of a message name.
  static List<String> named(RequestHeaders headers) {
    int lines = headers.count("Connection");
    if (lines == 0) {
      return List.of();
    }
    List<String> names = new ArrayList<>();
    for (int i = 0; i < lines; i++) {
      for (String name : headers.value("Connection", i).split(",", -1)) {
        String stripped = name.strip();
        if (!stripped.isEmpty()) {
          names.add(stripped);
        }
      }
    }
    return names;
  }

  /// Whether a name must not be declared to end here: what a verdict depends on would be gone.
  static boolean isNeeded(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return switch (lower) {
      case "cookie", "authorization", "host", "content-length", "transfer-encoding" -> true;
      default -> lower.startsWith("x-forwarded-");
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

  static boolean contains(List<String> names, String name) {
    for (String one : names) {
      if (one.equalsIgnoreCase(name)) {
        return true;
      }
    }
    return false;
  }
}
