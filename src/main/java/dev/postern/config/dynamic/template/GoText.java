package dev.postern.config.dynamic.template;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.function.IntUnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// String functions that behave like Go's standard library: literals, quoting, case, white space.
final class GoText {
  private static final Pattern ESCAPE =
      Pattern.compile(
          "\\\\(?:([abfnrtv\\\\\"])|([0-7]{3})|x(\\p{XDigit}{2})|u(\\p{XDigit}{4})"
              + "|U(\\p{XDigit}{8}))|[^\\\\]");
  private static final String SHORT = "abfnrtv\\\"";
  private static final String SHORT_VALUES = "\u0007\b\f\n\r\t\u000b\\\"";
  private static final Pattern SEPARATORS = Pattern.compile("[^\\p{L}\\p{N}]+");

  private GoText() {}

  /// The value of an interpreted string literal.
  ///
  /// @param inside the text between its quotes
  /// @return the value; null if Go rejects it or it is not valid text
  static @Nullable String unquote(String inside) {
    var bytes = new ByteArrayOutputStream();
    Matcher matcher = ESCAPE.matcher(inside);
    int end = 0;
    while (end < inside.length()) {
      if (!matcher.find(end) || matcher.start() != end || !write(matcher, bytes)) {
        return null;
      }
      end = matcher.end();
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes.toByteArray()))
          .toString();
    } catch (CharacterCodingException _) {
      return null;
    }
  }

  private static boolean write(Matcher piece, ByteArrayOutputStream bytes) {
    String octal = piece.group(2);
    String hex = piece.group(3);
    String code = piece.group(4) != null ? piece.group(4) : piece.group(5);
    if (octal != null || hex != null) {
      int value = octal != null ? Integer.parseInt(octal, 8) : Integer.parseInt(hex, 16);
      bytes.write(value);
      return value < 256;
    }
    if (code != null) {
      long value = Long.parseLong(code, 16);
      boolean isCharacter = value <= Character.MAX_CODE_POINT && (value < 0xD800 || value > 0xDFFF);
      bytes.writeBytes(isCharacter ? utf8(Character.toString((int) value)) : new byte[0]);
      return isCharacter;
    }
    String one = piece.group(1);
    bytes.writeBytes(
        utf8(one == null ? piece.group() : "" + SHORT_VALUES.charAt(SHORT.indexOf(one))));
    return true;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /// Formats the text like `%q`.
  static String quote(String text) {
    return text.codePoints().mapToObj(GoText::quoted).collect(Collectors.joining("", "\"", "\""));
  }

  private static String quoted(int c) {
    int known = SHORT_VALUES.indexOf(c);
    if (known >= 0) {
      return "\\" + SHORT.charAt(known);
    }
    if (c == ' ' || isPrintable(c)) {
      return Character.toString(c);
    }
    String shape = c < ' ' || c == 0x7f ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x";
    return shape.formatted(c);
  }

  private static boolean isPrintable(int c) {
    return switch ((byte) Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.SPACE_SEPARATOR,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }

  /// Replaces each character separately, as `strings.ToLower` and `ToUpper` do.
  static String each(String text, IntUnaryOperator change) {
    return text.codePoints()
        .map(change)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  /// Removes leading and trailing white space, as `strings.TrimSpace` does.
  static String trim(String text) {
    int start = 0;
    int end = text.length();
    while (start < end && isSpace(text.charAt(start))) {
      start++;
    }
    while (end > start && isSpace(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(start, end);
  }

  private static boolean isSpace(char c) {
    return (c >= '\t' && c <= '\r') || c == 0x85 || Character.isSpaceChar(c);
  }

  /// Replaces everything except letters and digits by single hyphens, as Traefik's `normalize`
  /// does.
  static String normalize(String text) {
    return Stream.of(SEPARATORS.split(text, -1))
        .filter(part -> !part.isEmpty())
        .collect(Collectors.joining("-"));
  }
}
