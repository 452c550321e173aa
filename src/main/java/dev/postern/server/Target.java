package dev.postern.server;

import io.undertow.server.HttpServerExchange;

/// The target of a request as it stands on the wire.
///
/// @param path raw path
/// @param query raw query without the question mark, empty when there is none
record Target(String path, String query) {
  static Target of(HttpServerExchange exchange) {
    return new Target(exchange.getRequestURI(), exchange.getQueryString());
  }

  /// Whether the path can be read in one way only. The upstream decodes escapes and cleans dots; no
  /// path of an outpost needs either, and a disguised one would pass by what is done for its plain
  /// spelling.
  boolean isPlain() {
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (c <= ' ' || c >= 0x7f || c == '%' || c == '\\' || c == ';') {
        return false;
      }
    }
    return path.startsWith("/")
        && !path.contains("//")
        && !path.contains("/./")
        && !path.contains("/../")
        && !path.endsWith("/.")
        && !path.endsWith("/..");
  }

  /// Path and query as they go on.
  String pathAndQuery() {
    return query.isEmpty() ? path : path + "?" + query;
  }
}
