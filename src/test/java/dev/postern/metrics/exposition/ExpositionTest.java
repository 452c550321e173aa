package dev.postern.metrics.exposition;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import io.prometheus.client.Histogram;
import io.prometheus.client.Info;
import org.junit.jupiter.api.Test;

/// The two formats, byte for byte.
class ExpositionTest {
  private final CollectorRegistry registry = new CollectorRegistry();
  private final Exposition exposition = new Exposition(registry);

  private String print(Format format) {
    return UTF_8.decode(exposition.print(format)).toString();
  }

  private void fill() {
    Histogram.build("wait_seconds", "Time \"waited\".")
        .buckets(0.00005, 0.3, 5)
        .labelNames("kind")
        .register(registry)
        .labels("a\"b\\c\nd")
        .observe(0.25);
    Counter.build("calls", "Calls\\\nmade.").register(registry).inc(1_234_567);
    Gauge.build("heat", "Heat.")
        .labelNames("room", "zone")
        .register(registry)
        .labels("ü😀", "")
        .set(-0.5);
    Info.build("build", "Build.").register(registry).info("version", "1");
    Counter.build("never", "Without series.").labelNames("x").register(registry);
  }

  @Test
  void print_text_isVersion004WithBoundsAsGoPrintsThem() {
    fill();
    assertThat(print(Format.TEXT))
        .isEqualTo(
            """
            # HELP build_info Build.
            # TYPE build_info gauge
            build_info{version="1"} 1
            # HELP calls_total Calls\\\\\\nmade.
            # TYPE calls_total counter
            calls_total 1.234567e+06
            # HELP heat Heat.
            # TYPE heat gauge
            heat{room="ü😀",zone=""} -0.5
            # HELP wait_seconds Time "waited".
            # TYPE wait_seconds histogram
            wait_seconds_bucket{kind="a\\"b\\\\c\\nd",le="5e-05"} 0
            wait_seconds_bucket{kind="a\\"b\\\\c\\nd",le="0.3"} 1
            wait_seconds_bucket{kind="a\\"b\\\\c\\nd",le="5"} 1
            wait_seconds_bucket{kind="a\\"b\\\\c\\nd",le="+Inf"} 1
            wait_seconds_count{kind="a\\"b\\\\c\\nd"} 1
            wait_seconds_sum{kind="a\\"b\\\\c\\nd"} 0.25
            """);
  }

  @Test
  void print_openMetrics_namesFamiliesWithoutSuffixAndEnds() {
    fill();
    assertThat(print(Format.OPEN_METRICS))
        .startsWith("# HELP build Build.\n# TYPE build info\nbuild_info{version=\"1\"} 1\n")
        .contains(
            "# HELP calls Calls\\\\\\nmade.\n# TYPE calls counter\ncalls_total 1.234567e+06\n")
        .contains("# HELP wait_seconds Time \\\"waited\\\".\n")
        .contains(",le=\"5\"} 1\n")
        .doesNotContain("_created")
        .endsWith("# EOF\n");
  }

  @Test
  void print_growingText_isComplete() {
    Gauge gauge = Gauge.build("big", "Big.").labelNames("n").register(registry);
    for (int i = 0; i < 5000; i++) {
      gauge.labels("é".repeat(50) + i).set(i);
    }
    for (int round = 0; round < 2; round++) {
      assertThat(print(Format.TEXT).lines().filter(line -> line.contains("é".repeat(50))))
          .hasSize(5000);
    }
  }
}
