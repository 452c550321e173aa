package dev.postern.rules.parse;

import java.util.regex.Pattern;

/// Go's number literals. A valid rule contains none; they are parsed only to tell text that is not
/// a Go expression from a Go expression with an unknown matcher.
final class GoNumber {
  private static final String DIGITS = "[0-9](?:_?[0-9])*+";
  private static final String HEX_DIGITS = "[0-9a-fA-F](?:_?[0-9a-fA-F])*+";
  private static final String EXPONENT = "[eE][+-]?" + DIGITS;
  private static final Pattern INTEGER =
      Pattern.compile(
          "0|[1-9](?:_?[0-9])*+|0(?:_?[0-7])++|0[xX]_?"
              + HEX_DIGITS
              + "|0[oO](?:_?[0-7])++|0[bB](?:_?[01])++");
  private static final Pattern FLOAT =
      Pattern.compile(
          ("%1$s(?:\\.(?:%1$s)?(?:%3$s)?|%3$s)|\\.%1$s(?:%3$s)?"
                  + "|0[xX]_?(?:%2$s\\.?(?:%2$s)?|\\.%2$s)[pP][+-]?%1$s")
              .formatted(DIGITS, HEX_DIGITS, EXPONENT));
  private static final Pattern DECIMAL_DIGITS = Pattern.compile(DIGITS);

  /// The regular expression matcher recurses along a number, so longer ones are rejected
  /// beforehand.
  private static final int LONGEST = 500;

  private GoNumber() {}

  /// The longest text at `from` that could be a number.
  static String scan(String text, int from) {
    int i = from;
    boolean hex = text.startsWith("0x", from) || text.startsWith("0X", from);
    while (i < text.length()) {
      char c = text.charAt(i);
      boolean sign =
          (c == '+' || c == '-')
              && i > from
              && (hex ? "pP" : "eE").indexOf(text.charAt(i - 1)) >= 0;
      if (!sign && c != '.' && c != '_' && !(c < 0x80 && Character.isLetterOrDigit(c))) {
        break;
      }
      i++;
    }
    return text.substring(from, i);
  }

  static Token.Kind kind(String number, int column) throws RuleException {
    if (number.length() > LONGEST) {
      throw Lexer.syntax(
          column, "a number of " + number.length() + " digits, but a rule contains no numbers");
    }
    boolean imaginary = number.endsWith("i");
    String body = imaginary ? number.substring(0, number.length() - 1) : number;
    if (FLOAT.matcher(body).matches()) {
      return imaginary ? Token.Kind.IMAGINARY : Token.Kind.FLOAT;
    }
    if (INTEGER.matcher(body).matches()) {
      return imaginary ? Token.Kind.IMAGINARY : Token.Kind.INTEGER;
    }
    if (imaginary && DECIMAL_DIGITS.matcher(body).matches()) {
      return Token.Kind.IMAGINARY;
    }
    throw Lexer.syntax(
        column, "'" + number + "' is not a valid number, and a rule contains no numbers");
  }

  /// Whether the text after `line ` is not a directive, or one with valid numbers.
  static boolean isLineDirective(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 0) {
      return true;
    }
    long last = lineNumber(text.substring(colon + 1));
    if (last < 0) {
      return false;
    }
    int before = text.lastIndexOf(':', colon - 1);
    long line = colon == 0 || before < 0 ? -1 : lineNumber(text.substring(before + 1, colon));
    return isInRange(last) && (line < 0 || isInRange(line));
  }

  private static boolean isInRange(long number) {
    return number > 0 && number <= 1 << 30;
  }

  private static long lineNumber(String digits) {
    if (digits.isEmpty() || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return -1;
    }
    String significant = digits.replaceFirst("^0+", "");
    if (significant.length() > 20) {
      return -1;
    }
    return significant.length() > 18 ? Long.MAX_VALUE : Long.parseLong("0" + significant);
  }
}
