package dev.postern.upstream.wire;

/// Classes of bytes in message heads; each character is one byte.
final class Octets {
  private static final String TOKEN_SYMBOLS = "!#$%&'*+-.^_`|~";

  private Octets() {}

  /// A token (RFC 9110 section 5.6.2).
  static boolean isToken(String text) {
    return !text.isEmpty() && text.chars().allMatch(Octets::isTokenOctet);
  }

  private static boolean isTokenOctet(int c) {
    return isDigit(c)
        || (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || TOKEN_SYMBOLS.indexOf(c) >= 0;
  }

  /// The content of a field value or a reason phrase (RFC 9110 section 5.5).
  static boolean isText(String text) {
    return text.chars().allMatch(Octets::isTextOctet);
  }

  static boolean isTextOctet(int c) {
    return c == '\t' || (c >= ' ' && c != 0x7f && c <= 0xff);
  }

  static boolean isDigits(String text) {
    return !text.isEmpty() && text.chars().allMatch(Octets::isDigit);
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  /// A byte that is neither white space nor a control character.
  static boolean isVisible(int c) {
    return c > ' ' && c != 0x7f && c <= 0xff;
  }

  /// Removes optional white space from both ends.
  static String trim(String text) {
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
