package dev.postern.routing.authentik;

import dev.postern.config.key.Words;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// Durations as authentik writes them: `hours=24`, `days=1;minutes=30.5`, or a number of seconds.
final class Validity {
  private static final Map<String, Long> NANOS =
      Map.of(
          "microseconds", 1_000L,
          "milliseconds", 1_000_000L,
          "seconds", 1_000_000_000L,
          "minutes", 60_000_000_000L,
          "hours", 3_600_000_000_000L,
          "days", 86_400_000_000_000L,
          "weeks", 604_800_000_000_000L);
  private static final BigDecimal MOST = BigDecimal.valueOf(Long.MAX_VALUE);

  private Validity() {}

  /// Reads a duration. Like authentik it passes over what has an unknown unit, and of two values of
  /// one unit takes the last.
  ///
  /// @param text the duration
  /// @return the duration, or empty if there is none in it or it is negative
  static Optional<Duration> parse(String text) {
    try {
      return text.indexOf('=') < 0 ? nanos(new BigDecimal(text.strip()), "seconds") : sum(text);
    } catch (NumberFormatException | ArithmeticException notADuration) {
      return Optional.empty();
    }
  }

  private static Optional<Duration> sum(String text) {
    Map<String, Duration> byUnit = new java.util.HashMap<>();
    for (String pair : text.split(";", -1)) {
      int equals = pair.indexOf('=');
      String unit = Words.lower(pair.substring(0, Math.max(0, equals)).strip());
      if (NANOS.containsKey(unit)) {
        nanos(new BigDecimal(pair.substring(equals + 1).strip()), unit)
            .ifPresent(duration -> byUnit.put(unit, duration));
      }
    }
    return byUnit.values().stream().reduce(Duration::plus);
  }

  private static Optional<Duration> nanos(BigDecimal number, String unit) {
    BigDecimal nanos = number.multiply(BigDecimal.valueOf(NANOS.getOrDefault(unit, 1L)));
    return number.signum() < 0
        ? Optional.empty()
        : Optional.of(
            Duration.ofNanos(nanos.min(MOST).setScale(0, RoundingMode.DOWN).longValueExact()));
  }
}
