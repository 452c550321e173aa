package dev.postern.metrics;

import dev.postern.accesslog.Outcome;
import dev.postern.verdict.CacheStatus;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/// The meters of each configured application, and of all others together.
///
/// The name of an application that is not configured is a host that a client chose, so it must
/// never become a label.
final class ApplicationMeters {
  /// Label for all applications that are not configured.
  static final String OTHER = "other";

  private static final CounterMap.Family<CacheStatus> REQUESTS =
      new CounterMap.Family<>(
          "postern.cache.requests",
          "Forward-auth requests with a response, by where the response came from.",
          "result",
          CacheStatus.class,
          CacheStatus::text);
  private static final CounterMap.Family<Outcome> VERDICTS =
      new CounterMap.Family<>(
          "postern.verdicts",
          "Completed forward-auth requests, by outcome.",
          "verdict",
          Outcome.class,
          Outcome::text);

  /// The counters of one application.
  record Row(CounterMap<CacheStatus> requests, CounterMap<Outcome> verdicts) {}

  private final MeterRegistry registry;
  private final Row other;
  private volatile Map<String, Row> configured = Map.of();

  ApplicationMeters(MeterRegistry registry) {
    this.registry = registry;
    other = row(OTHER);
  }

  private Row row(String application) {
    return new Row(
        REQUESTS.in(registry, "application", application),
        VERDICTS.in(registry, "application", application));
  }

  Row of(String application) {
    return configured.getOrDefault(application, other);
  }

  /// Keeps the counters of these applications, adds new ones and removes all others.
  synchronized void configure(Set<String> applications) {
    Map<String, Row> next = new HashMap<>();
    for (String application : applications) {
      Row present = configured.get(application);
      next.put(application, present != null ? present : newRow(application));
    }
    Map<String, Row> before = configured;
    configured = Map.copyOf(next);
    before.forEach((application, row) -> {
      if (!next.containsKey(application) && !application.equals(OTHER)) {
        row.requests().removeFrom(registry);
        row.verdicts().removeFrom(registry);
      }
    });
  }

  private Row newRow(String application) {
    return application.equals(OTHER) ? other : row(application);
  }
}
