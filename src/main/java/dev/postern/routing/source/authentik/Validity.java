package dev.postern.routing.source.authentik;

import dev.postern.config.key.Words;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

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
  private static final Pattern NUMBER = Pattern.compile("\\d{1,20}(\\.\\d{1,20})?");
  private static final BigDecimal MOST = BigDecimal.valueOf(Long.MAX_VALUE);

  private Validity() {}

  /// Parses a duration. Like authentik, ignores unknown units and uses the last of two values with
  /// the same unit.
  ///
  /// @return the duration, or empty if it is invalid or negative
  static Optional<Duration> parse(String text) {
    return text.indexOf('=') < 0 ? duration(text, "seconds") : sum(text);
  }

  private static Optional<Duration> sum(String text) {
    Map<String, Optional<Duration>> byUnit = new HashMap<>();
    for (String pair : text.split(";", -1)) {
      int equals = pair.indexOf('=');
      String unit = Words.lower(pair.substring(0, Math.max(0, equals)).strip());
      if (NANOS.containsKey(unit)) {
        byUnit.put(unit, duration(pair.substring(equals + 1), unit));
      }
    }
    boolean isUnderstood = byUnit.values().stream().allMatch(Optional::isPresent);
    return isUnderstood
        ? byUnit.values().stream().flatMap(Optional::stream).reduce(Duration::plus)
        : Optional.empty();
  }

  private static Optional<Duration> duration(String number, String unit) {
    if (!NUMBER.matcher(number.strip()).matches()) {
      return Optional.empty();
    }
    BigDecimal nanos =
        new BigDecimal(number.strip()).multiply(BigDecimal.valueOf(NANOS.getOrDefault(unit, 1L)));
    return Optional.of(
        Duration.ofNanos(nanos.min(MOST).setScale(0, RoundingMode.DOWN).longValueExact()));
  }
}
