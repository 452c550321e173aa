package dev.postern.demo.golang;

import java.util.Optional;

/// Percent escapes on byte strings.
final class Percent {
  private static final String HEX = "0123456789ABCDEF";

  private Percent() {}

  static Optional<String> decode(String text, boolean plusIsSpace) {
    if (text.indexOf('%') < 0 && !(plusIsSpace && text.indexOf('+') >= 0)) {
      return Optional.of(text);
    }
    StringBuilder decoded = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '+' && plusIsSpace) {
        decoded.append(' ');
      } else if (c != '%') {
        decoded.append(c);
      } else {
        if (!isEscape(text, i)) {
          return Optional.empty();
        }
        decoded.append((char) Integer.parseInt(text, i + 1, i + 3, 16));
        i += 2;
      }
    }
    return Optional.of(decoded.toString());
  }

  private static boolean isEscape(String text, int at) {
    return at + 2 < text.length()
        && Character.digit(text.charAt(at + 1), 16) >= 0
        && Character.digit(text.charAt(at + 2), 16) >= 0;
  }

  static boolean isUnreserved(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '-'
        || c == '_'
        || c == '.'
        || c == '~';
  }

  static void append(StringBuilder out, char octet) {
    out.append('%').append(HEX.charAt((octet >> 4) & 15)).append(HEX.charAt(octet & 15));
  }
}
