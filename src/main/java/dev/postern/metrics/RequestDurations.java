package dev.postern.metrics;

import dev.postern.metrics.exposition.Durations;
import dev.postern.verdict.CacheStatus;
import io.prometheus.client.Collector;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// Durations of responses, by where they came from: hits take microseconds, checks up to seconds.
final class RequestDurations extends Collector {
  private static final String NAME = "postern_request_duration_seconds";
  private static final Durations.Names NAMES = Durations.Names.of(NAME, List.of("result"));
  private static final Durations.Bounds BOUNDS =
      new Durations.Bounds(
          List.of(
              0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25,
              0.5, 1.0, 2.5, 5.0, 10.0, 25.0));
  private final Map<CacheStatus, Durations> byStatus = new EnumMap<>(CacheStatus.class);

  RequestDurations() {
    for (CacheStatus status : CacheStatus.values()) {
      byStatus.put(status, new Durations(BOUNDS, List.of(status.text())));
    }
  }

  void record(CacheStatus status, long nanos) {
    Durations durations = byStatus.get(status);
    if (durations != null) {
      durations.record(nanos);
    }
  }

  @Override
  public List<MetricFamilySamples> collect() {
    List<MetricFamilySamples.Sample> samples = new ArrayList<>();
    byStatus.values().forEach(durations -> durations.addTo(NAMES, samples));
    return List.of(
        new MetricFamilySamples(
            NAME,
            Type.HISTOGRAM,
            "Time from a forward-auth request's head to the last byte of its response, by where the"
                + " response came from.",
            samples));
  }
}
