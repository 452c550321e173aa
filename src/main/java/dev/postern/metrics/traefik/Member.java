package dev.postern.metrics.traefik;

import dev.postern.accesslog.CompletedRequest;
import dev.postern.accesslog.CompletedRequest.Tls;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// The measurements of one entry point, router or service.
///
/// Looking up a series does not allocate: a member has few of them, in an array that is copied when
/// one is added.
final class Member {
  private record Counted(List<String> values, LongAdder count) {}

  /// The series sorted by their [Measured] numbers; immutable.
  private static final class Known {
    static final Known NONE = new Known(new int[0], new Series[0]);

    final int[] measured;
    final Series[] series;

    Known(int[] measured, Series[] series) {
      this.measured = measured;
      this.series = series;
    }

    Known with(int more, Series added) {
      int at = -Arrays.binarySearch(measured, more) - 1;
      int[] allMeasured = Arrays.copyOf(measured, measured.length + 1);
      Series[] all = Arrays.copyOf(series, series.length + 1);
      System.arraycopy(measured, at, allMeasured, at + 1, measured.length - at);
      System.arraycopy(series, at, all, at + 1, series.length - at);
      allMeasured[at] = more;
      all[at] = added;
      return new Known(allMeasured, all);
    }
  }

  private final GroupFamilies families;
  private final Map<String, String> own;
  private final Map<Tls, Counted> tls = new ConcurrentHashMap<>();
  private volatile Known known = Known.NONE;

  Member(GroupFamilies families, Map<String, String> own) {
    this.families = families;
    this.own = own;
  }

  /// The value of one of this member's own labels.
  String named(String label) {
    return own.getOrDefault(label, "");
  }

  void record(int measured, CompletedRequest request) {
    Known now = known;
    int at = Arrays.binarySearch(now.measured, measured);
    (at >= 0 ? now.series[at] : added(measured)).record(request);
    Tls agreed = request.connection().tls();
    if (agreed != null) {
      Counted counted = tls.get(agreed);
      if (counted == null) {
        counted = tls.computeIfAbsent(agreed, this::countedBy);
      }
      counted.count().increment();
    }
  }

  private synchronized Series added(int measured) {
    int at = Arrays.binarySearch(known.measured, measured);
    if (at >= 0) {
      return known.series[at];
    }
    Series series = new Series(families, Labels.both(own, Measured.labels(measured)));
    known = known.with(measured, series);
    return series;
  }

  private Counted countedBy(Tls agreed) {
    Map<String, String> values =
        Labels.both(own, Map.of("tls_version", agreed.version(), "tls_cipher", agreed.cipher()));
    return new Counted(families.tls.labels().values(values), new LongAdder());
  }

  void addTo(GroupFamilies.Collected collected) {
    for (Series series : known.series) {
      series.addTo(collected);
    }
    for (Counted counted : tls.values()) {
      collected.tls().add(families.tls.sample(counted.values(), counted.count().sum()));
    }
  }
}
