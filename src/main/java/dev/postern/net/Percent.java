package dev.postern.net;

import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// Percent-encoding (RFC 3986 section 2.1), read without copying.
public final class Percent {
  private Percent() {}

  /// Reads the escape at a position.
  ///
  /// @param at position of a `%`
  /// @return the octet, or -1 if the escape is invalid
  static int octet(String text, int at) {
    if (at + 2 >= text.length()) {
      return -1;
    }
    char high = text.charAt(at + 1);
    char low = text.charAt(at + 2);
    return HexFormat.isHexDigit(high) && HexFormat.isHexDigit(low)
        ? HexFormat.fromHexDigit(high) << 4 | HexFormat.fromHexDigit(low)
        : -1;
  }

  /// Decodes every escape, once.
  ///
  /// @return the octets, one character each, or null if an escape is invalid
  public static @Nullable String decode(String text) {
    StringBuilder decoded = new StringBuilder(text.length());
    for (int at = 0; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c == '%') {
        int octet = octet(text, at);
        if (octet < 0) {
          return null;
        }
        decoded.append((char) octet);
        at += 2;
      } else {
        decoded.append(c);
      }
    }
    return decoded.toString();
  }

  /// Whether a text contains a word, in any letter case and with any of its characters
  /// percent-encoded.
  ///
  /// @param text raw text
  /// @param word lower-case ASCII word without `%`
  public static boolean containsDecoded(String text, String word) {
    for (int start = 0; start < text.length(); start++) {
      if (matchesAt(text, start, word)) {
        return true;
      }
    }
    return false;
  }

  /// Whether a word is at a position, compared as in [#containsDecoded].
  static boolean matchesAt(String text, int start, String word) {
    int at = start;
    for (int i = 0; i < word.length(); i++) {
      if (at >= text.length()) {
        return false;
      }
      int c = text.charAt(at);
      int octet = c == '%' ? octet(text, at) : -1;
      at += octet >= 0 ? 3 : 1;
      if (lower(octet >= 0 ? octet : c) != word.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private static int lower(int c) {
    return c >= 'A' && c <= 'Z' ? c | 0x20 : c;
  }
}
