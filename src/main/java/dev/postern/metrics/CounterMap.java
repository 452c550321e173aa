package dev.postern.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/// One counter for each value of an enumeration, so that each has a series from the start and
/// clients cannot add any.
///
/// @param <E> the enumeration
final class CounterMap<E extends Enum<E>> {
  private final Map<E, Counter> counters;

  private CounterMap(Map<E, Counter> counters) {
    this.counters = counters;
  }

  /// A family with one label.
  ///
  /// @param name its name, with dots
  /// @param help one sentence
  /// @param label name of the label
  /// @param text value of the label
  record Family<E extends Enum<E>>(
      String name, String help, String label, Class<E> kind, Function<E, String> text) {
    /// A family whose label values are the constants' names in lower case.
    static <E extends Enum<E>> Family<E> of(String name, String help, String label, Class<E> kind) {
      return new Family<>(name, help, label, kind, value -> value.name().toLowerCase(Locale.ROOT));
    }

    CounterMap<E> in(MeterRegistry registry, String... furtherTags) {
      Map<E, Counter> counters = new EnumMap<>(kind);
      for (E value : kind.getEnumConstants()) {
        counters.put(
            value,
            Counter.builder(name)
                .description(help)
                .tags(Tags.of(furtherTags).and(label, text.apply(value)))
                .register(registry));
      }
      return new CounterMap<>(counters);
    }
  }

  void increment(E value) {
    Counter counter = counters.get(value);
    if (counter == null) {
      throw new IllegalStateException("every value has a counter: " + value);
    }
    counter.increment();
  }

  /// The current counts.
  Map<E, Long> counts() {
    Map<E, Long> counts = new LinkedHashMap<>();
    counters.forEach((value, counter) -> counts.put(value, (long) counter.count()));
    return Collections.unmodifiableMap(counts);
  }

  void removeFrom(MeterRegistry registry) {
    counters.values().forEach(registry::remove);
  }
}
