package dev.postern.metrics.exposition;

import io.prometheus.client.Collector;
import io.prometheus.client.Collector.MetricFamilySamples;
import io.prometheus.client.Collector.MetricFamilySamples.Sample;
import io.prometheus.client.CollectorRegistry;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/// Prints every family of a registry that has a sample, sorted by name as in Go's client.
///
/// Bounds of buckets are printed as Go prints them, `le="5"`, in both formats. The creation times
/// of series are left out, because Traefik has none.
public final class Exposition {
  private static final String CREATED = "_created";

  private final CollectorRegistry registry;
  private volatile int expectedBytes = 16 * 1024;

  public Exposition(CollectorRegistry registry) {
    this.registry = registry;
  }

  /// Prints all current samples.
  public ByteBuffer print(Format format) {
    List<MetricFamilySamples> families = Collections.list(registry.metricFamilySamples());
    families.removeIf(family -> family.samples.isEmpty());
    families.sort(Comparator.comparing(Exposition::fullName));
    TextBuffer out = new TextBuffer(expectedBytes);
    for (MetricFamilySamples family : families) {
      print(family, format, out);
    }
    if (format == Format.OPEN_METRICS) {
      out.add("# EOF\n");
    }
    ByteBuffer text = out.toByteBuffer();
    expectedBytes = text.remaining() + text.remaining() / 8 + 1024;
    return text;
  }

  /// The name of a family in the text format.
  private static String fullName(MetricFamilySamples family) {
    return switch (family.type) {
      case COUNTER -> family.name + "_total";
      case INFO -> family.name + "_info";
      case UNKNOWN, GAUGE, STATE_SET, HISTOGRAM, GAUGE_HISTOGRAM, SUMMARY -> family.name;
    };
  }

  private static void print(MetricFamilySamples family, Format format, TextBuffer out) {
    String name = format == Format.TEXT ? fullName(family) : family.name;
    out.add("# HELP ").add(name).add(" ");
    out.addEscaped(family.help, format == Format.OPEN_METRICS).add("\n");
    out.add("# TYPE ").add(name).add(" ").add(type(family.type, format)).add("\n");
    for (Sample sample : family.samples) {
      if (family.type == Collector.Type.GAUGE || !sample.name.endsWith(CREATED)) {
        print(sample, out);
      }
    }
  }

  private static String type(Collector.Type type, Format format) {
    boolean isText = format == Format.TEXT;
    return switch (type) {
      case COUNTER -> "counter";
      case GAUGE -> "gauge";
      case SUMMARY -> "summary";
      case HISTOGRAM -> "histogram";
      case UNKNOWN -> isText ? "untyped" : "unknown";
      case INFO -> isText ? "gauge" : "info";
      case STATE_SET -> isText ? "gauge" : "stateset";
      case GAUGE_HISTOGRAM -> isText ? "histogram" : "gaugehistogram";
    };
  }

  private static void print(Sample sample, TextBuffer out) {
    out.add(sample.name);
    int labels = sample.labelNames.size();
    for (int i = 0; i < labels; i++) {
      String label = sample.labelNames.get(i);
      String value = sample.labelValues.get(i);
      out.add(i == 0 ? "{" : ",").add(label).add("=\"");
      out.addEscaped(label.equals("le") ? bound(value) : value, true).add("\"");
    }
    out.add(labels == 0 ? " " : "} ").add(sample.value).add("\n");
  }

  private static String bound(String value) {
    return value.endsWith(".0") || value.indexOf('E') >= 0
        ? GoFloat.text(Double.parseDouble(value))
        : value;
  }
}
