package dev.postern.config.dynamic.tree;

import dev.postern.config.dynamic.tree.Tree.Scalar;
import dev.postern.config.dynamic.tree.Tree.ScalarType;
import dev.postern.config.dynamic.tree.Tree.Unusable;
import dev.postern.config.key.Words;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Interprets YAML scalars as Go's yaml.v3 does, and formats them as Traefik does.
final class YamlScalars {
  private static final Set<String> NULL = Set.of("", "~", "null", "Null", "NULL");
  private static final Map<String, Scalar> WORDS =
      Map.ofEntries(
          word("true", "true", ScalarType.BOOL),
          word("True", "true", ScalarType.BOOL),
          word("TRUE", "true", ScalarType.BOOL),
          word("false", "false", ScalarType.BOOL),
          word("False", "false", ScalarType.BOOL),
          word("FALSE", "false", ScalarType.BOOL),
          word(".nan", "NaN", ScalarType.FLOAT),
          word(".NaN", "NaN", ScalarType.FLOAT),
          word(".NAN", "NaN", ScalarType.FLOAT),
          word(".inf", "+Inf", ScalarType.FLOAT),
          word(".Inf", "+Inf", ScalarType.FLOAT),
          word(".INF", "+Inf", ScalarType.FLOAT),
          word("+.inf", "+Inf", ScalarType.FLOAT),
          word("+.Inf", "+Inf", ScalarType.FLOAT),
          word("+.INF", "+Inf", ScalarType.FLOAT),
          word("-.inf", "-Inf", ScalarType.FLOAT),
          word("-.Inf", "-Inf", ScalarType.FLOAT),
          word("-.INF", "-Inf", ScalarType.FLOAT));
  private static final Pattern WHOLE =
      Pattern.compile("([+-]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))");
  private static final Pattern FLOAT =
      Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");
  private static final Pattern TIME =
      Pattern.compile(
          "(\\d{4})-(\\d{1,2})-(\\d{1,2})"
              + "(?:[Tt]([01]?\\d|2[0-3]):[0-5]?\\d:[0-5]?\\d([.,]\\d+)?(Z|[+-]\\d\\d:\\d\\d)"
              + "| ([01]?\\d|2[0-3]):[0-5]?\\d:[0-5]?\\d([.,]\\d+)?)?");
  private static final BigInteger MAX_UNSIGNED =
      BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);
  private static final Unusable DATE =
      new Unusable("is a date, which Traefik does not accept; write it in quotes");

  private YamlScalars() {}

  private static Map.Entry<String, Scalar> word(String word, String text, ScalarType type) {
    return Map.entry(word, new Scalar(text, type));
  }

  /// The value of a scalar.
  ///
  /// @param text as written
  /// @param tag empty if the type follows from the text
  /// @return the value, or null for null
  /// @throws IllegalArgumentException if the text does not match its tag
  static @Nullable Tree resolve(String text, String tag) {
    return switch (tag) {
      case "" -> plain(text);
      case "!!binary" -> binary(text);
      case "!!bool", "!!int", "!!float", "!!null", "!!timestamp" -> tagged(text, tag);
      case String _ -> new Scalar(text, ScalarType.TEXT);
    };
  }

  private static @Nullable Tree plain(String text) {
    if (NULL.contains(text)) {
      return null;
    }
    Scalar word = WORDS.get(text);
    if (word != null) {
      return word;
    }
    char first = text.charAt(0);
    if (first != '.' && first != '+' && first != '-' && (first < '0' || first > '9')) {
      return new Scalar(text, ScalarType.TEXT);
    }
    return isTime(text) ? DATE : number(text);
  }

  private static Scalar number(String text) {
    String digits = text.charAt(0) == '.' ? text : text.replace("_", "");
    Matcher whole = WHOLE.matcher(digits);
    Scalar number = whole.matches() ? whole(whole) : null;
    if (number != null) {
      return number;
    }
    double value = FLOAT.matcher(digits).matches() ? Double.parseDouble(digits) : Double.NaN;
    return Double.isFinite(value)
        ? new Scalar(floatText(value), ScalarType.FLOAT)
        : new Scalar(text, ScalarType.TEXT);
  }

  private static @Nullable Scalar whole(Matcher matcher) {
    int[] radixes = {16, 2, 8, 10};
    BigInteger value = BigInteger.ZERO;
    for (int i = 0; i < radixes.length; i++) {
      String digits = matcher.group(i + 2);
      if (digits != null) {
        value = new BigInteger(matcher.group(1).replace("+", "") + digits, radixes[i]);
      }
    }
    if (value.bitLength() < 64) {
      return new Scalar(value.toString(), ScalarType.INT);
    }
    boolean isUnsigned = matcher.group(1).isEmpty() && value.compareTo(MAX_UNSIGNED) <= 0;
    return isUnsigned ? new Scalar(value.toString(), ScalarType.UINT64) : null;
  }

  /// Formats a floating-point number as Traefik does: six decimal places, or none if all are zero.
  static String floatText(double value) {
    if (Double.isNaN(value)) {
      return "NaN";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "+Inf" : "-Inf";
    }
    String text = new BigDecimal(value).setScale(6, RoundingMode.HALF_EVEN).toPlainString();
    boolean lostItsSign = !text.startsWith("-") && (value < 0 || 1 / value < 0);
    return (lostItsSign ? "-" : "") + text.replaceFirst("\\.000000$", "");
  }

  private static boolean isTime(String text) {
    Matcher matcher = TIME.matcher(text);
    if (!matcher.matches()) {
      return false;
    }
    try {
      LocalDate.of(
          Integer.parseInt(matcher.group(1)),
          Integer.parseInt(matcher.group(2)),
          Integer.parseInt(matcher.group(3)));
      return true;
    } catch (DateTimeException _) {
      return false;
    }
  }

  private static Tree binary(String text) {
    byte[] bytes = Base64.getMimeDecoder().decode(text);
    return new Scalar(new String(bytes, StandardCharsets.UTF_8), ScalarType.TEXT);
  }

  private static @Nullable Tree tagged(String text, String tag) {
    Tree value = plain(text);
    boolean fits =
        switch (value) {
          case null -> tag.equals("!!null");
          case Scalar scalar ->
              switch (scalar.type()) {
                case BOOL -> tag.equals("!!bool");
                case INT, INT64, UINT64 -> tag.equals("!!int") || tag.equals("!!float");
                case FLOAT -> tag.equals("!!float");
                case TEXT -> false;
              };
          case Tree _ -> tag.equals("!!timestamp");
        };
    if (!fits) {
      throw new IllegalArgumentException(Words.quote(text) + " is not a valid " + tag);
    }
    return value;
  }
}
