package dev.postern.accesslog.line;

/// Header names in Go's canonical form.
final class HeaderNames {
  private static final String TOKEN_SPECIALS = "!#$%&'*+-.^_`|~";

  private HeaderNames() {}

  /// The first letter and each after a hyphen upper-case, the rest lower-case; a name that is not a
  /// token (RFC 9110 section 5.6.2) stays unchanged.
  static String canonical(String name) {
    StringBuilder text = new StringBuilder(name.length());
    boolean upper = true;
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (!isToken(c)) {
        return name;
      }
      text.append(upper ? upper(c) : lower(c));
      upper = c == '-';
    }
    return text.toString();
  }

  private static boolean isToken(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || TOKEN_SPECIALS.indexOf(c) >= 0;
  }

  private static char upper(char c) {
    return c >= 'a' && c <= 'z' ? (char) (c - 'a' + 'A') : c;
  }

  private static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char) (c - 'A' + 'a') : c;
  }
}
