package dev.postern.metrics.traefik;

import dev.postern.accesslog.CompletedRequest;
import dev.postern.metrics.exposition.Durations;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// The measurements of one member's requests with equal labels.
final class Series {
  /// A counter of requests and the values of its labels.
  private record Counted(List<String> values, LongAdder count) {}

  private final GroupFamilies families;
  private final Map<String, String> labels;
  private final List<String> values;
  private final Durations durations;
  private final LongAdder received = new LongAdder();
  private final LongAdder sent = new LongAdder();
  private final Counted plain;
  private final Map<List<String>, Counted> byHeaders = new ConcurrentHashMap<>();

  Series(GroupFamilies families, Map<String, String> labels) {
    this.families = families;
    this.labels = labels;
    values = families.labels.values(labels);
    durations = new Durations(families.bounds, values);
    plain = new Counted(values, new LongAdder());
  }

  void record(CompletedRequest request) {
    HeaderLabels headers = families.headerLabels;
    Counted counted =
        headers.labels().isEmpty()
            ? plain
            : byHeaders.computeIfAbsent(
                headers.values(request.request().headers()), this::countedBy);
    counted.count().increment();
    durations.record(request.timing().nanos());
    received.add(request.bodyBytes());
    sent.add(request.answer().bytes());
  }

  private Counted countedBy(List<String> headerValues) {
    Map<String, String> all = new HashMap<>(labels);
    List<String> names = families.headerLabels.labels();
    for (int i = 0; i < names.size(); i++) {
      all.put(names.get(i), headerValues.get(i));
    }
    return new Counted(families.requests.labels().values(all), new LongAdder());
  }

  void addTo(GroupFamilies.Collected collected) {
    List<Counted> counts = new ArrayList<>(byHeaders.values());
    if (families.headerLabels.labels().isEmpty()) {
      counts.add(plain);
    }
    for (Counted one : counts) {
      collected.requests().add(families.requests.sample(one.values(), one.count().sum()));
    }
    durations.addTo(families.durationNames, collected.durations());
    collected.received().add(families.received.sample(values, received.sum()));
    collected.sent().add(families.sent.sample(values, sent.sum()));
  }
}
