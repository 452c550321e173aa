package dev.postern.config.key;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Durations as Traefik reads them: Go's `time.ParseDuration` (`1m30s`, `1.5h`, `500ms`), or a bare
/// whole number of seconds.
public final class GoDuration {
  private static final Pattern SECONDS = Pattern.compile("[+-]?\\d{1,18}");
  private static final Pattern TERM =
      Pattern.compile("(\\d+\\.?\\d*|\\.\\d+)(ns|us|\\u00b5s|\\u03bcs|ms|s|m|h)");
  private static final Map<String, Long> NANOS =
      Map.of(
          "ns", 1L,
          "us", 1_000L,
          "\u00b5s", 1_000L,
          "\u03bcs", 1_000L,
          "ms", 1_000_000L,
          "s", 1_000_000_000L,
          "m", 60_000_000_000L,
          "h", 3_600_000_000_000L);

  private GoDuration() {}

  /// Parses a duration.
  ///
  /// @param text for example `30s`, `1m30s`, `45`
  /// @throws BadValueException if it is not a duration
  public static Duration parse(String text) throws BadValueException {
    if (SECONDS.matcher(text).matches()) {
      return ofNanos(text, new BigDecimal(text).movePointRight(9));
    }
    boolean negative = text.startsWith("-");
    String terms = negative || text.startsWith("+") ? text.substring(1) : text;
    Matcher matcher = TERM.matcher(terms);
    BigDecimal nanos = BigDecimal.ZERO;
    int end = 0;
    while (matcher.find() && matcher.start() == end) {
      long unit = NANOS.getOrDefault(matcher.group(2), 0L);
      BigDecimal term = new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(unit));
      nanos = nanos.add(term.setScale(0, RoundingMode.DOWN));
      end = matcher.end();
    }
    if (end == 0 || end != terms.length()) {
      throw BadValueException.of(
          text, "is not a duration; write 30s, 1m30s, 500ms or a bare number of seconds");
    }
    return ofNanos(text, negative ? nanos.negate() : nanos);
  }

  private static Duration ofNanos(String text, BigDecimal nanos) throws BadValueException {
    if (nanos.abs().compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
      throw BadValueException.of(text, "is longer than 292 years");
    }
    return Duration.ofNanos(nanos.longValueExact());
  }

  /// The shortest usual spelling, such as `1m30s`, `10s` or `1.5s`; [#parse] accepts it.
  public static String text(Duration duration) {
    if (duration.isNegative()) {
      return "-" + text(duration.negated());
    }
    if (duration.toSeconds() == 0 && !duration.isZero()) {
      return fraction(duration.toNanos(), duration.toNanos() < 1_000_000 ? "us" : "ms");
    }
    var out = new StringBuilder();
    if (duration.toHours() > 0) {
      out.append(duration.toHours()).append('h');
    }
    if (duration.toMinutesPart() > 0) {
      out.append(duration.toMinutesPart()).append('m');
    }
    long rest = duration.toSecondsPart() * 1_000_000_000L + duration.toNanosPart();
    return rest > 0 || out.isEmpty() ? out + fraction(rest, "s") : out.toString();
  }

  private static String fraction(long nanos, String unit) {
    BigDecimal number =
        BigDecimal.valueOf(nanos).divide(BigDecimal.valueOf(NANOS.getOrDefault(unit, 1L)));
    return (number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString()) + unit;
  }
}
