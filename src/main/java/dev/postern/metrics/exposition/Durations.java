package dev.postern.metrics.exposition;

import io.prometheus.client.Collector.MetricFamilySamples.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/// One series of a histogram of durations.
///
/// Recording adds to two counters and allocates nothing.
public final class Durations {
  private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

  /// The upper bounds that the series of one histogram share.
  public static final class Bounds {
    private final long[] nanos;
    private final List<String> texts;

    /// @param seconds ascending, without infinity
    public Bounds(List<Double> seconds) {
      nanos = seconds.stream().mapToLong(bound -> Math.round(bound * NANOS_PER_SECOND)).toArray();
      List<String> all = new ArrayList<>(seconds.stream().map(GoFloat::text).toList());
      all.add("+Inf");
      texts = List.copyOf(all);
    }

    /// The label names of a series, with `le` added.
    public static List<String> withBound(List<String> labelNames) {
      return with(labelNames, "le");
    }

    private static List<String> with(List<String> list, String last) {
      List<String> longer = new ArrayList<>(list);
      longer.add(last);
      return List.copyOf(longer);
    }
  }

  /// The names that samples of one histogram share.
  ///
  /// @param bucketLabels the labels with `le`
  public record Names(
      String bucket, String sum, String count, List<String> labels, List<String> bucketLabels) {
    /// The names of a histogram.
    ///
    /// @param family its name
    /// @param labels names of its labels
    public static Names of(String family, List<String> labels) {
      return new Names(
          family + "_bucket", family + "_sum", family + "_count", labels, Bounds.withBound(labels));
    }
  }

  private final long[] bounds;
  private final LongAdder[] counts;
  private final LongAdder sumNanos = new LongAdder();
  private final List<String> values;
  private final List<List<String>> bucketValues;

  /// @param bounds the upper bounds
  /// @param values values of the series' labels
  public Durations(Bounds bounds, List<String> values) {
    this.bounds = bounds.nanos;
    this.values = values;
    counts = new LongAdder[this.bounds.length + 1];
    List<List<String>> each = new ArrayList<>();
    for (int i = 0; i < counts.length; i++) {
      counts[i] = new LongAdder();
      each.add(Bounds.with(values, bounds.texts.get(i)));
    }
    bucketValues = List.copyOf(each);
  }

  /// Records a duration.
  public void record(long nanos) {
    int bucket = 0;
    while (bucket < bounds.length && nanos > bounds[bucket]) {
      bucket++;
    }
    counts[bucket].increment();
    sumNanos.add(nanos);
  }

  /// Adds the current samples to a list.
  public void addTo(Names names, List<Sample> samples) {
    long total = 0;
    for (int i = 0; i < counts.length; i++) {
      total += counts[i].sum();
      samples.add(
          new Sample(names.bucket(), names.bucketLabels(), bucketValues.get(i), (double) total));
    }
    samples.add(new Sample(names.sum(), names.labels(), values, sumNanos.sum() / NANOS_PER_SECOND));
    samples.add(new Sample(names.count(), names.labels(), values, (double) total));
  }
}
