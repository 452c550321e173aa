package dev.postern.rules.request;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Normalises a request's raw path before rules see it: Go's server, Traefik's stages 3 and 4, and
/// the routing path (docs/design/traefik.md sections 0 and 2.4). All strings are byte strings; an
/// empty result means that Traefik responds with 400.
public final class RequestPath {
  private static final String HEX = "0123456789ABCDEF";
  private static final String UNRESERVED_MARKS = "-._~";
  private static final String RESERVED = ":/?#[]@!$&'()*+,;=%";

  private RequestPath() {}

  /// The escaped path that a default entry point passes to the routers: Go's server, then stages 3
  /// and 4.
  ///
  /// @param raw the path of the request target as sent, without the query
  /// @return the escaped path, or empty for a path with a fragment or an invalid escape
  public static Optional<String> atEntryPoint(String raw) {
    if (raw.indexOf('#') >= 0) {
      return Optional.empty();
    }
    return normalise(raw).flatMap(RequestPath::escaped).map(RequestPath::sanitise);
  }

  /// Go's `URL.EscapedPath` of a raw path: the path itself if it is a valid encoding, otherwise its
  /// decoded bytes, encoded again.
  ///
  /// @param raw the path as sent
  /// @return the escaped path, or empty for an invalid escape
  public static Optional<String> escaped(String raw) {
    for (int i = 0; i < raw.length(); i++) {
      if (raw.charAt(i) != '%' && !isRawAllowed(raw.charAt(i))) {
        return decode(raw, false).map(path -> path.equals("*") ? path : encode(path));
      }
    }
    return decode(raw, false).map(_ -> raw);
  }

  /// Stage 3: converts every `%xx` to upper case and decodes escapes of unreserved characters.
  ///
  /// @return the normalised path, or empty for an escape that is cut off at the end
  public static Optional<String> normalise(String raw) {
    if (raw.indexOf('%') < 0) {
      return Optional.of(raw);
    }
    StringBuilder out = new StringBuilder(raw.length());
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      if (c != '%') {
        out.append(c);
        continue;
      }
      if (i + 2 >= raw.length()) {
        return Optional.empty();
      }
      int value = hex(raw, i + 1);
      if (value >= 0 && isUnreserved((char) value)) {
        out.append((char) value);
      } else {
        out.append('%').append(upper(raw.charAt(i + 1))).append(upper(raw.charAt(i + 2)));
      }
      i += 2;
    }
    return Optional.of(out.toString());
  }

  /// Stage 4: removes `.` and `..` segments and double slashes, but keeps one trailing slash.
  ///
  /// @param escaped an escaped path
  /// @return the clean path, `/` for an empty one
  public static String sanitise(String escaped) {
    if (escaped.equals("*")) {
      return escaped;
    }
    List<String> segments = new ArrayList<>();
    int start = 0;
    while (start <= escaped.length()) {
      int slash = escaped.indexOf('/', start);
      int end = slash < 0 ? escaped.length() : slash;
      String segment = escaped.substring(start, end);
      if (segment.equals("..")) {
        if (!segments.isEmpty()) {
          segments.removeLast();
        }
      } else if (!segment.isEmpty() && !segment.equals(".")) {
        segments.add(segment);
      }
      start = end + 1;
    }
    String clean = String.join("/", segments);
    boolean rooted = escaped.isEmpty() || escaped.startsWith("/");
    boolean trailing = escaped.endsWith("/") && !segments.isEmpty();
    return (rooted ? "/" : "") + clean + (trailing ? "/" : "");
  }

  /// The routing path: percent escapes decoded, except for reserved characters and `%`, whose
  /// escapes become upper case.
  ///
  /// @param escaped an escaped path
  /// @return the input of `Path`, `PathPrefix` and `PathRegexp`, or empty for an invalid escape
  public static Optional<String> routingPath(String escaped) {
    return decode(escaped, true);
  }

  private static Optional<String> decode(String path, boolean keepReserved) {
    if (path.indexOf('%') < 0) {
      return Optional.of(path);
    }
    StringBuilder out = new StringBuilder(path.length());
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (c != '%') {
        out.append(c);
        continue;
      }
      int value = i + 2 < path.length() ? hex(path, i + 1) : -1;
      if (value < 0) {
        return Optional.empty();
      }
      if (keepReserved && isReservedEscape(path, i, value)) {
        out.append(path, i, i + 3);
      } else {
        out.append((char) value);
      }
      i += 2;
    }
    return Optional.of(out.toString());
  }

  private static boolean isReservedEscape(String path, int at, int value) {
    return RESERVED.indexOf(value) >= 0
        && HEX.indexOf(path.charAt(at + 1)) >= 0
        && HEX.indexOf(path.charAt(at + 2)) >= 0;
  }

  private static String encode(String path) {
    StringBuilder out = new StringBuilder(path.length());
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (isUnreserved(c) || "$&+,/:;=@".indexOf(c) >= 0) {
        out.append(c);
      } else {
        out.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
      }
    }
    return out.toString();
  }

  private static boolean isRawAllowed(char c) {
    return isUnreserved(c) || "!$&'()*+,;=:@[]/".indexOf(c) >= 0;
  }

  private static boolean isUnreserved(char c) {
    return c < 0x80 && (Character.isLetterOrDigit(c) || UNRESERVED_MARKS.indexOf(c) >= 0);
  }

  private static char upper(char c) {
    return c >= 'a' && c <= 'z' ? (char) (c - 32) : c;
  }

  /// The value of the two hexadecimal digits at `at`, or -1 if they are not valid.
  static int hex(String text, int at) {
    int high = digit(text.charAt(at));
    int low = digit(text.charAt(at + 1));
    return high < 0 || low < 0 ? -1 : (high << 4) | low;
  }

  private static int digit(char c) {
    return c < 0x80 ? Character.digit(c, 16) : -1;
  }
}
