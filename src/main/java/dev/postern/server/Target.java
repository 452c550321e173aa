package dev.postern.server;

import dev.postern.net.Percent;
import dev.postern.verdict.Preset;
import org.jspecify.annotations.Nullable;

/// The target of a request as it stands on the wire.
///
/// @param path raw path
/// @param query raw query with the question mark, `?` alone if that is all; empty when there is
///   none
record Target(String path, String query) {
  /// Takes a raw request target apart; nothing is decoded.
  static Target of(String raw) {
    int mark = raw.indexOf('?');
    return mark < 0 ? new Target(raw, "") : new Target(raw.substring(0, mark), raw.substring(mark));
  }

  /// Whether there is a fragment, which no request target may have (RFC 9112 section 3.2): readers
  /// do not agree on whether the path and the query end there.
  boolean hasFragment() {
    return path.indexOf('#') >= 0 || query.indexOf('#') >= 0;
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

  /// Path and query as they go on, byte for byte.
  String pathAndQuery() {
    return query.isEmpty() ? path : path + query;
  }
}
