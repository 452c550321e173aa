package dev.postern.rules.parse;

import dev.postern.rules.request.ByteStrings;

/// The escape sequences of Go's interpreted string and character literals.
final class GoEscape {
  private GoEscape() {}

  /// The length of the escape sequence whose backslash is at `at`, or 0 if it is not valid in Go.
  static int length(String text, int at, int quote) {
    if (at + 1 >= text.length()) {
      return 0;
    }
    char c = text.charAt(at + 1);
    if (c == quote || "abfnrtv\\".indexOf(c) >= 0) {
      return 2;
    }
    return switch (c) {
      case '0', '1', '2', '3', '4', '5', '6', '7' -> numeric(text, at, at + 1, 3, 8, 0xFF);
      case 'x' -> numeric(text, at, at + 2, 2, 16, 0xFF);
      case 'u' -> numeric(text, at, at + 2, 4, 16, Character.MAX_CODE_POINT);
      case 'U' -> numeric(text, at, at + 2, 8, 16, Character.MAX_CODE_POINT);
      default -> 0;
    };
  }

  private static int numeric(String text, int at, int from, int digits, int radix, long max) {
    long value = 0;
    for (int i = from; i < from + digits; i++) {
      int digit =
          i < text.length() && text.charAt(i) < 0x80 ? Character.digit(text.charAt(i), radix) : -1;
      if (digit < 0) {
        return 0;
      }
      value = value * radix + digit;
    }
    return value > max || (value >= 0xD800 && value < 0xE000) ? 0 : from + digits - at;
  }

  /// The value of a string literal's content with valid escapes, as a byte string.
  static String unquote(String inside) {
    if (inside.indexOf('\\') < 0) {
      return ByteStrings.fromText(inside);
    }
    StringBuilder bytes = new StringBuilder(inside.length());
    int i = 0;
    while (i < inside.length()) {
      int length;
      if (inside.charAt(i) == '\\') {
        length = length(inside, i, '"');
        bytes.append(value(inside.substring(i + 1, i + length)));
      } else {
        length = Character.charCount(inside.codePointAt(i));
        bytes.append(ByteStrings.fromText(inside.substring(i, i + length)));
      }
      i += length;
    }
    return bytes.toString();
  }

  private static String value(String escape) {
    return switch (escape.charAt(0)) {
      case 'a' -> "\u0007";
      case 'b' -> "\b";
      case 'f' -> "\f";
      case 'n' -> "\n";
      case 'r' -> "\r";
      case 't' -> "\t";
      case 'v' -> "\u000B";
      case 'x' -> String.valueOf((char) Integer.parseInt(escape.substring(1), 16));
      case 'u', 'U' ->
          ByteStrings.fromText(Character.toString(Integer.parseInt(escape.substring(1), 16)));
      case '0', '1', '2', '3', '4', '5', '6', '7' ->
          String.valueOf((char) Integer.parseInt(escape, 8));
      default -> escape;
    };
  }
}
