package dev.postern.metrics.exposition;

import java.math.BigDecimal;

/// Formats numbers as Go does: `strconv.FormatFloat(value, 'g', -1, 64)`.
public final class GoFloat {
  private static final int MAX_DIGITS_BEFORE_POINT = 6;
  private static final int MAX_ZEROS_AFTER_POINT = 4;

  private GoFloat() {}

  /// The shortest digits that parse to the same number.
  public static String text(double value) {
    if (Double.isNaN(value)) {
      return "NaN";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "+Inf" : "-Inf";
    }
    if (value == 0) {
      return 1 / value < 0 ? "-0" : "0";
    }
    BigDecimal decimal = new BigDecimal(Double.toString(value)).stripTrailingZeros();
    int exponent = decimal.precision() - decimal.scale() - 1;
    if (exponent >= -MAX_ZEROS_AFTER_POINT && exponent < MAX_DIGITS_BEFORE_POINT) {
      return decimal.toPlainString();
    }
    String digits = decimal.unscaledValue().abs().toString();
    String fraction = digits.length() == 1 ? "" : "." + digits.substring(1);
    String magnitude = Integer.toString(Math.abs(exponent));
    return (value < 0 ? "-" : "")
        + digits.charAt(0)
        + fraction
        + (exponent < 0 ? "e-" : "e+")
        + (magnitude.length() == 1 ? "0" + magnitude : magnitude);
  }
}
