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
  private static final double NANOS_A_SECOND = TimeUnit.SECONDS.toNanos(1);

  /// The upper bounds that series of one histogram share.
  public static final class Bounds {
    private final long[] nanos;
    private final List<String> texts;

    /// Makes bounds.
    ///
    /// @param seconds ascending, infinity not among them
    public Bounds(List<Double> seconds) {
      nanos = seconds.stream().mapToLong(bound -> Math.round(bound * NANOS_A_SECOND)).toArray();
      List<String> all = new ArrayList<>(seconds.stream().map(GoFloat::text).toList());
      all.add("+Inf");
      texts = List.copyOf(all);
    }

    /// The names of a series' labels with that of its bounds.
    ///
    /// @param labelNames names of the labels
    /// @return the same with `le`
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
  /// @param bucket name of a bucket
  /// @param sum name of the sum
  /// @param count name of the count
  /// @param labels names of the labels
  /// @param bucketLabels the same with `le`
  public record Names(
      String bucket, String sum, String count, List<String> labels, List<String> bucketLabels) {
    /// The names of a histogram.
    ///
    /// @param family its name
    /// @param labels names of its labels
    /// @return the names of its samples
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

  /// Begins with nothing.
  ///
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
  ///
  /// @param nanos the duration
  public void record(long nanos) {
    int bucket = 0;
    while (bucket < bounds.length && nanos > bounds[bucket]) {
      bucket++;
    }
    counts[bucket].increment();
    sumNanos.add(nanos);
  }

  /// Adds the samples as they are now.
  ///
  /// @param names their names
  /// @param samples takes them
  public void addTo(Names names, List<Sample> samples) {
    long total = 0;
    for (int i = 0; i < counts.length; i++) {
      total += counts[i].sum();
      samples.add(
          new Sample(names.bucket(), names.bucketLabels(), bucketValues.get(i), (double) total));
    }
    samples.add(new Sample(names.sum(), names.labels(), values, sumNanos.sum() / NANOS_A_SECOND));
    samples.add(new Sample(names.count(), names.labels(), values, (double) total));
  }
}
