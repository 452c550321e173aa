package dev.postern.rules.match;

/// The literal characters with which every match of a regular expression ends. Most hosts can then
/// be skipped without a search: of a hundred patterns for domains, at most one is a candidate.
final class LiteralEnd {
  private LiteralEnd() {}

  /// Extracts the literal end of a pattern.
  ///
  /// @param pattern a Go pattern
  /// @return what a text must end with to match, or empty if that is not obvious
  static String of(String pattern) {
    if (!pattern.endsWith("$") || !isPlain(pattern)) {
      return "";
    }
    StringBuilder end = new StringBuilder();
    int i = pattern.length() - 2;
    while (i >= 0) {
      char c = pattern.charAt(i);
      boolean isEscaped = i > 0 && pattern.charAt(i - 1) == '\\';
      if (isEscaped ? c != '.' && c != '-' : !isLetter(c)) {
        break;
      }
      end.append(c);
      i -= isEscaped ? 2 : 1;
    }
    return end.reverse().toString();
  }

  /// Whether a pattern has no alternatives, no flags, and no escapes except of dots and hyphens, so
  /// that its end can be read literally.
  private static boolean isPlain(String pattern) {
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      if (c == '|' || (c == '(' && pattern.startsWith("?", i + 1))) {
        return false;
      }
      if (c == '\\') {
        i++;
        if (i == pattern.length() || ".-".indexOf(pattern.charAt(i)) < 0) {
          return false;
        }
      }
    }
    return true;
  }

  private static boolean isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  }
}
