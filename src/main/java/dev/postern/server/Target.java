package dev.postern.server;

import dev.postern.net.Percent;
import dev.postern.verdict.Preset;
import org.jspecify.annotations.Nullable;

/// The target of a request as it was received.
///
/// @param path raw path
/// @param query raw query with the question mark, `?` if nothing follows; empty if there is none
record Target(String path, String query) {
  /// Splits a raw request target; nothing is decoded.
  static Target of(String raw) {
    int mark = raw.indexOf('?');
    return mark < 0 ? new Target(raw, "") : new Target(raw.substring(0, mark), raw.substring(mark));
  }

  /// Whether there is a fragment, which a request target must not have (RFC 9112 section 3.2):
  /// parsers disagree about where the path and the query end then.
  boolean hasFragment() {
    return path.indexOf('#') >= 0 || query.indexOf('#') >= 0;
  }

  /// The purpose of the path, if all parsers read it alike.
  ///
  /// The upstream decodes escapes and removes dot segments first. A path that changes by that must
  /// not avoid the handling of its canonical form.
  ///
  /// @param preset knows the upstream's paths
  /// @return the purpose, or null for a path that is not in canonical form
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

  /// Path and query, unchanged byte for byte.
  String pathAndQuery() {
    return query.isEmpty() ? path : path + query;
  }
}
