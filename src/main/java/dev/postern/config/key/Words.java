package dev.postern.config.key;

import dev.postern.net.Endpoint;
import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Helpers for messages: quoting of untrusted text, and suggestions for misspelt words.
public final class Words {
  private static final int SHOWN_LENGTH = 100;

  /// A number of things in words.
  ///
  /// @param number how many
  /// @param noun one of them; the plural adds an s
  /// @return `1 router` or `2 routers`
  public static String count(long number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }

  /// Scheme, host and port; a user before the host is skipped.
  private static final Pattern URL =
      Pattern.compile("(?s)([A-Za-z][A-Za-z0-9+.-]*://)(?:[^/?#]*@)?([^/?#]*).*");

  private Words() {}

  /// The text in quotes, on one line and truncated if long.
  public static String quote(String text) {
    boolean isLong = text.codePointCount(0, text.length()) > SHOWN_LENGTH;
    String shown =
        isLong ? text.substring(0, text.offsetByCodePoints(0, SHOWN_LENGTH)) + "…" : text;
    return '"' + printable(shown) + '"';
  }

  /// The text without control characters, so that it cannot forge log lines or terminal output.
  public static String printable(String text) {
    var out = new StringBuilder();
    text.codePoints()
        .forEach(c -> {
          if (Character.isISOControl(c) || isInvisible(c)) {
            out.append(String.format("\\u%04x", c));
          } else {
            out.appendCodePoint(c);
          }
        });
    return out.toString();
  }

  private static boolean isInvisible(int c) {
    int type = Character.getType(c);
    return type == Character.FORMAT
        || type == Character.LINE_SEPARATOR
        || type == Character.PARAGRAPH_SEPARATOR
        || type == Character.SURROGATE;
  }

  /// Scheme, host and port of a URL from an untrusted source: the parts that cannot contain a
  /// secret.
  public static String origin(String url) {
    // Everything else is cut off before parsing: user, path, query.
    Matcher parts = URL.matcher(url);
    if (!parts.matches()) {
      return url.startsWith("//") || url.chars().anyMatch(c -> c <= ' ')
          ? "nowhere"
          : "another path";
    }
    try {
      return Endpoint.of(parts.group(1) + parts.group(2)).origin();
    } catch (IllegalArgumentException notAnHttpUrl) {
      return "nowhere";
    }
  }

  /// The text in lower case, independent of the locale.
  public static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  /// The known name that was probably meant: the nearest by edit distance if at most a third of it
  /// differs, otherwise one that ends in the same word.
  public static Optional<String> nearest(String name, Collection<String> known) {
    if (name.length() > SHOWN_LENGTH) {
      return Optional.empty();
    }
    String wanted = lower(name);
    return known.stream()
        .min(Comparator.comparingInt(k -> distance(wanted, lower(k))))
        .filter(k -> distance(wanted, lower(k)) <= Math.max(1, k.length() / 3))
        .or(() ->
            known.stream().filter(k -> lower(k).endsWith("." + lastWord(wanted))).findFirst());
  }

  private static String lastWord(String name) {
    return name.substring(name.lastIndexOf('.') + 1);
  }

  /// Levenshtein distance, in which swapping two neighbours counts as one edit.
  static int distance(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
          continue;
        }
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        d[i][j] = Math.min(d[i - 1][j - 1] + change, Math.min(d[i - 1][j], d[i][j - 1]) + 1);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    return d[a.length()][b.length()];
  }
}
