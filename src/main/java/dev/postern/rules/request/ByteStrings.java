package dev.postern.rules.request;

import java.nio.charset.StandardCharsets;

/// Byte strings: Java strings whose characters are bytes (0 to 255). Strings are bytes in Traefik,
/// and hosts, paths and header values may be invalid UTF-8, so rules compare this form.
public final class ByteStrings {
  private ByteStrings() {}

  /// Encodes a text as UTF-8.
  ///
  /// @param text any text; a lone surrogate becomes a question mark
  public static String fromText(String text) {
    return isAscii(text)
        ? text
        : new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  /// Decodes as Go's `range` over a string does: each byte outside a valid sequence becomes one
  /// U+FFFD.
  public static String toText(String bytes) {
    if (isAscii(bytes)) {
      return bytes;
    }
    StringBuilder text = new StringBuilder(bytes.length());
    int i = 0;
    while (i < bytes.length()) {
      int length = sequenceLength(bytes, i);
      text.appendCodePoint(length == 0 ? 0xFFFD : codePoint(bytes, i, length));
      i += Math.max(length, 1);
    }
    return text.toString();
  }

  /// Whether a byte string is well-formed UTF-8.
  public static boolean isUtf8(String bytes) {
    int i = 0;
    while (i < bytes.length()) {
      int length = sequenceLength(bytes, i);
      if (length == 0) {
        return false;
      }
      i += length;
    }
    return true;
  }

  /// Whether all characters are below 128.
  public static boolean isAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= 0x80) {
        return false;
      }
    }
    return true;
  }

  /// Converts ASCII letters to lower case; returns the same string if there are none to convert.
  public static String lowerAscii(String bytes) {
    for (int i = 0; i < bytes.length(); i++) {
      if (isUpper(bytes.charAt(i))) {
        StringBuilder lower = new StringBuilder(bytes);
        for (int j = i; j < lower.length(); j++) {
          char c = lower.charAt(j);
          lower.setCharAt(j, isUpper(c) ? (char) (c + 32) : c);
        }
        return lower.toString();
      }
    }
    return bytes;
  }

  private static boolean isUpper(char c) {
    return c >= 'A' && c <= 'Z';
  }

  /// The length of the valid UTF-8 sequence at `i`, or 0 (Unicode table 3-7).
  private static int sequenceLength(String s, int i) {
    char first = s.charAt(i);
    if (first < 0x80) {
      return 1;
    }
    if (first < 0xC2 || first > 0xF4) {
      return 0;
    }
    int length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    if (i + length > s.length()) {
      return 0;
    }
    int low =
        switch (first) {
          case 0xE0 -> 0xA0;
          case 0xF0 -> 0x90;
          default -> 0x80;
        };
    int high =
        switch (first) {
          case 0xED -> 0x9F;
          case 0xF4 -> 0x8F;
          default -> 0xBF;
        };
    if (s.charAt(i + 1) < low || s.charAt(i + 1) > high) {
      return 0;
    }
    for (int j = i + 2; j < i + length; j++) {
      if (s.charAt(j) < 0x80 || s.charAt(j) > 0xBF) {
        return 0;
      }
    }
    return length;
  }

  private static int codePoint(String s, int i, int length) {
    int value = length == 1 ? s.charAt(i) : s.charAt(i) & (0xFF >> (length + 1));
    for (int j = i + 1; j < i + length; j++) {
      value = (value << 6) | (s.charAt(j) & 0x3F);
    }
    return value;
  }
}
