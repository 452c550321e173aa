package dev.postern.logging;

/// Escapes text so that it cannot break out of its line or its quotes.
public final class LogText {
  private LogText() {}

  /// Escapes control characters and invisible formatting characters.
  public static String escape(String text) {
    return escaped(text, "");
  }

  /// A JSON string with its quotes.
  public static String json(String text) {
    return '"' + escaped(text, "\"\\") + '"';
  }

  /// A value of `key=value`, quoted if it contains a space, a quote or an equals sign.
  static String value(String text) {
    boolean isPlain =
        !text.isEmpty()
            && text.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '"' && c != '\\' && c != '=');
    return isPlain ? text : json(text);
  }

  private static String escaped(String text, String alsoEscaped) {
    var out = new StringBuilder(text.length() + 2);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (alsoEscaped.indexOf(c) >= 0) {
        out.append('\\').append(c);
      } else if (isUnsafe(text, i)) {
        out.append(escape(c));
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }

  private static String escape(char c) {
    return switch (c) {
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      default -> String.format("\\u%04x", (int) c);
    };
  }

  /// Controls, separators, bidirectional and other format characters, lone surrogates.
  private static boolean isUnsafe(String text, int i) {
    char c = text.charAt(i);
    if (c < 0x7f) {
      return c < ' ';
    }
    if (Character.isSurrogate(c)) {
      boolean isPaired =
          Character.isHighSurrogate(c)
              ? i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))
              : i > 0 && Character.isHighSurrogate(text.charAt(i - 1));
      return !isPaired;
    }
    int type = Character.getType(c);
    return Character.isISOControl(c)
        || type == Character.FORMAT
        || type == Character.LINE_SEPARATOR
        || type == Character.PARAGRAPH_SEPARATOR;
  }
}
