package dev.postern.server;

import dev.postern.http.Percent;
import dev.postern.verdict.Preset;
import io.undertow.server.HttpServerExchange;
import org.jspecify.annotations.Nullable;

/// The target of a request as it stands on the wire.
///
/// @param path raw path
/// @param query raw query without the question mark, empty when there is none
record Target(String path, String query) {
  static Target of(HttpServerExchange exchange) {
    return new Target(exchange.getRequestURI(), exchange.getQueryString());
  }

  /// What the path is for, if it can be read in one way only.
  ///
  /// The upstream decodes escapes and cleans dots before it looks; a path that would then be
  /// another one must not pass by what is done for its plain spelling.
  ///
  /// @param preset knows the upstream's paths
  /// @return the purpose, or null for a path that is in disguise
  Preset.@Nullable Purpose purpose(Preset preset) {
    Preset.Purpose raw = preset.purpose(path);
    if (path.indexOf('%') < 0) {
      return isPlain(path) ? raw : null;
    }
    String decoded = Percent.decode(path);
    boolean same =
        decoded != null
            && isPlain(decoded)
            && raw == Preset.Purpose.RELAY
            && preset.purpose(decoded) == raw;
    return same ? raw : null;
  }

  private static boolean isPlain(String path) {
    return path.startsWith("/")
        && path.indexOf('\\') < 0
        && path.indexOf(';') < 0
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
