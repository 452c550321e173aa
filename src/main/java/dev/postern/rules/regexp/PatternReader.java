package dev.postern.rules.regexp;

import org.jspecify.annotations.Nullable;

/// A position in a pattern; parses Go's escapes and repeat counts.
final class PatternReader {
  private static final int NO_COUNT = -3;

  private final int[] pattern;
  private int position;

  PatternReader(String pattern) {
    this(pattern.codePoints().toArray(), 0);
  }

  private PatternReader(int[] pattern, int position) {
    this.pattern = pattern;
    this.position = position;
  }

  /// A second reader at the same position, for going back.
  PatternReader copy() {
    return new PatternReader(pattern, position);
  }

  void rewindTo(PatternReader earlier) {
    position = earlier.position;
  }

  boolean hasMore() {
    return position < pattern.length;
  }

  int peek() {
    return peek(0);
  }

  /// The character at this offset, or -1 beyond the end.
  int peek(int ahead) {
    return position + ahead < pattern.length ? pattern[position + ahead] : -1;
  }

  int next() {
    return hasMore() ? pattern[position++] : -1;
  }

  void skip(int count) {
    position += count;
  }

  boolean startsWith(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (peek(i) != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /// The text up to the given end, which is skipped, too; null if the end does not follow.
  @Nullable String until(String end) {
    for (int i = position; i + end.length() <= pattern.length; i++) {
      int start = position;
      position = i;
      boolean found = startsWith(end);
      position = start;
      if (found) {
        position = i + end.length();
        return new String(pattern, start, i - start);
      }
    }
    return null;
  }

  String rest() {
    String rest = new String(pattern, position, pattern.length - position);
    position = pattern.length;
    return rest;
  }

  /// Parses the escape sequence at the current backslash.
  int escape() throws GoRegexpException {
    skip(1);
    if (!hasMore()) {
      throw refused("a backslash ends the pattern");
    }
    int c = next();
    if (c >= '0' && c <= '7' && (c == '0' || isOctal(peek()))) {
      int value = c - '0';
      for (int i = 1; i < 3 && isOctal(peek()); i++) {
        value = value * 8 + next() - '0';
      }
      return value;
    }
    return switch (c) {
      case 'x' -> hexadecimal();
      case 'a' -> 7;
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'v' -> 11;
      default -> {
        if (c < 0x80 && !Character.isLetterOrDigit(c)) {
          yield c;
        }
        throw refused("there is no escape sequence \\" + Character.toString(c));
      }
    };
  }

  private int hexadecimal() throws GoRegexpException {
    int first = next();
    if (first != '{') {
      int high = hexDigit(first);
      int low = hexDigit(next());
      if (high < 0 || low < 0) {
        throw refused("\\x takes two hexadecimal digits or a number in braces");
      }
      return high * 16 + low;
    }
    int value = 0;
    int digits = 0;
    for (int c = next(); c != '}'; c = next()) {
      int digit = hexDigit(c);
      value = value * 16 + digit;
      if (digit < 0 || value > Character.MAX_CODE_POINT) {
        throw refused("\\x{…} is not a valid character number");
      }
      digits++;
    }
    if (digits == 0) {
      throw refused("\\x{} has no digits");
    }
    return value;
  }

  /// Parses `{2}`, `{2,}` or `{2,5}`.
  ///
  /// @return minimum and maximum count, where -1 means no limit and -2 a number too large; or an
  ///   empty array, with nothing read, if the braces are ordinary characters
  int[] counts() {
    int start = position;
    skip(1);
    int min = count();
    int max = min;
    if (peek() == ',') {
      skip(1);
      max = peek() == '}' ? -1 : count();
      if (max == NO_COUNT) {
        min = NO_COUNT;
      }
    }
    if (min == NO_COUNT || next() != '}') {
      position = start;
      return new int[0];
    }
    return new int[] {min, max};
  }

  private int count() {
    if (!isDigit(peek()) || (peek() == '0' && isDigit(peek(1)))) {
      return NO_COUNT;
    }
    int value = 0;
    while (isDigit(peek())) {
      value = value < 0 || value >= 100_000_000 ? -2 : value * 10 + peek() - '0';
      skip(1);
    }
    return value;
  }

  static GoRegexpException refused(String message) {
    return new GoRegexpException(message, false);
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isOctal(int c) {
    return c >= '0' && c <= '7';
  }

  private static int hexDigit(int c) {
    return c < 0x80 ? Character.digit(c, 16) : -1;
  }
}
