package dev.postern.demo.golang;

import java.util.List;
import java.util.Optional;

/// Go's `http.Request.Cookie`: the first cookie of a name over all `Cookie` lines.
public final class GoCookies {
  private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";

  private GoCookies() {}

  /// Finds a cookie.
  ///
  /// Pairs are separated by semicolons; a name is trimmed and compared with its case; one pair of
  /// double quotes around the value is removed; a value with a byte that Go does not allow makes
  /// the pair disappear.
  ///
  /// @param lines the values of the `Cookie` header
  /// @return the value, possibly empty, or nothing if there is no such cookie
  public static Optional<String> find(List<String> lines, String name) {
    for (String line : lines) {
      for (String part : line.split(";", -1)) {
        String pair = trim(part);
        int equals = pair.indexOf('=');
        String key = trim(equals < 0 ? pair : pair.substring(0, equals));
        if (key.isEmpty() || !isToken(key) || !key.equals(name)) {
          continue;
        }
        Optional<String> value = value(equals < 0 ? "" : pair.substring(equals + 1));
        if (value.isPresent()) {
          return value;
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<String> value(String raw) {
    boolean quoted = raw.length() > 1 && raw.startsWith("\"") && raw.endsWith("\"");
    String bare = quoted ? raw.substring(1, raw.length() - 1) : raw;
    boolean valid =
        bare.chars().allMatch(c -> c >= 0x20 && c < 0x7f && c != '"' && c != ';' && c != '\\');
    return valid ? Optional.of(bare) : Optional.empty();
  }

  private static boolean isToken(String name) {
    return name.chars()
        .allMatch(c ->
            (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || TOKEN_MARKS.indexOf(c) >= 0);
  }

  private static String trim(String text) {
    int start = 0;
    int end = text.length();
    while (start < end && isBlank(text.charAt(start))) {
      start++;
    }
    while (end > start && isBlank(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(start, end);
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }
}
