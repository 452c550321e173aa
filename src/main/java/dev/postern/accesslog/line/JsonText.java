package dev.postern.accesslog.line;

import java.math.BigDecimal;

/// Writes values as Go's `encoding/json` does, with HTML characters escaped (docs/design/traefik.md
/// section 3.4).
final class JsonText {
  private static final String HEX = "0123456789abcdef";
  private static final String INVALID = "\\ufffd";

  private JsonText() {}

  /// Appends a string whose characters are UTF-8 bytes; the result has the same form.
  static void append(String raw, StringBuilder out) {
    out.append('"');
    int i = 0;
    while (i < raw.length()) {
      char c = raw.charAt(i);
      if (c < 0x80) {
        ascii(c, out);
        i++;
        continue;
      }
      int length = utf8Length(raw, i);
      if (length == 0) {
        out.append(INVALID);
        i++;
      } else if (isLineSeparator(raw, i, length)) {
        out.append(raw.charAt(i + 2) == 0xa8 ? "\\u2028" : "\\u2029");
        i += length;
      } else {
        out.append(raw, i, i + length);
        i += length;
      }
    }
    out.append('"');
  }

  private static void ascii(char c, StringBuilder out) {
    switch (c) {
      case '"' -> out.append("\\\"");
      case '\\' -> out.append("\\\\");
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      case '\b' -> out.append("\\b");
      case '\f' -> out.append("\\f");
      default -> {
        if (c < ' ' || c == '<' || c == '>' || c == '&') {
          out.append("\\u00").append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
        } else {
          out.append(c);
        }
      }
    }
  }

  private static boolean isLineSeparator(String raw, int at, int length) {
    return length == 3
        && raw.charAt(at) == 0xe2
        && raw.charAt(at + 1) == 0x80
        && (raw.charAt(at + 2) == 0xa8 || raw.charAt(at + 2) == 0xa9);
  }

  /// Length of the UTF-8 sequence at a position; 0 if it is invalid (RFC 3629 section 4).
  private static int utf8Length(String raw, int at) {
    char first = raw.charAt(at);
    if (first >= 0xc2 && first <= 0xdf) {
      return isTail(raw, at + 1, 0x80, 0xbf) ? 2 : 0;
    }
    if (first >= 0xe0 && first <= 0xef) {
      int low = first == 0xe0 ? 0xa0 : 0x80;
      int high = first == 0xed ? 0x9f : 0xbf;
      return isTail(raw, at + 1, low, high) && isTail(raw, at + 2, 0x80, 0xbf) ? 3 : 0;
    }
    if (first >= 0xf0 && first <= 0xf4) {
      int low = first == 0xf0 ? 0x90 : 0x80;
      int high = first == 0xf4 ? 0x8f : 0xbf;
      boolean whole =
          isTail(raw, at + 1, low, high)
              && isTail(raw, at + 2, 0x80, 0xbf)
              && isTail(raw, at + 3, 0x80, 0xbf);
      return whole ? 4 : 0;
    }
    return 0;
  }

  private static boolean isTail(String raw, int at, int low, int high) {
    return at < raw.length() && raw.charAt(at) >= low && raw.charAt(at) <= high;
  }

  /// The shortest decimal that parses to the same number; with an exponent only below 1e-6 and from
  /// 1e21.
  static String number(double value) {
    if (value == 0) {
      return "0";
    }
    BigDecimal exact = new BigDecimal(Double.toString(value)).stripTrailingZeros();
    double size = Math.abs(value);
    if (size >= 1e-6 && size < 1e21) {
      return exact.toPlainString();
    }
    int exponent = exact.precision() - exact.scale() - 1;
    String mantissa = exact.movePointLeft(exponent).stripTrailingZeros().toPlainString();
    return mantissa + "e" + (exponent < 0 ? "" : "+") + exponent;
  }
}
