package dev.postern.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.postern.accesslog.CompletedRequest;
import dev.postern.config.MetricsConfig;
import dev.postern.config.MetricsConfig.Groups;
import dev.postern.config.MetricsConfig.Prometheus;
import dev.postern.metrics.exposition.Format;
import dev.postern.metrics.traefik.TraefikMeters;
import dev.postern.testing.Completed;
import dev.postern.testing.Tables;
import dev.postern.verdict.CacheStatus;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// The cost of measuring. CPU times are logged, allocations are bounded.
class MetricsCostTest {
  private static final int ROUTERS = 1000;
  private static final int RECORDS = 200_000;
  private static final int SCRAPES = 30;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final System.Logger figures = System.getLogger("figures");

  private static Prometheus everything() {
    return new Prometheus(
        "traefik",
        List.of(0.1, 0.3, 1.2, 5.0),
        new Groups(true, true, true),
        Map.of(),
        MetricsConfig.EntryPoint.ADMIN,
        false);
  }

  @Test
  void record_hitOfAKnownRouter_allocatesNothingButShortLivedKeys() {
    try (Meters meters = new Meters("1")) {
      TraefikMeters traefik = meters.traefik(everything(), () -> Instant.EPOCH);
      meters.swapped(Tables.table(List.of("a@file"), List.of("app.test")), true);
      CompletedRequest hit = Completed.HIT.by("a@file", "a@file").get();
      record(meters, traefik, hit);

      long bytes = threads.getCurrentThreadAllocatedBytes();
      long begin = threads.getCurrentThreadCpuTime();
      record(meters, traefik, hit);
      long nanos = threads.getCurrentThreadCpuTime() - begin;
      bytes = threads.getCurrentThreadAllocatedBytes() - bytes;

      figures.log(
          System.Logger.Level.INFO,
          "figure: recording a hit takes {0} ns of a processor and allocates {1} B",
          nanos / RECORDS,
          bytes / RECORDS);
      // None at all once the JIT compiler has seen that the keys of the look-ups do not escape.
      assertThat(bytes).as("bytes of " + RECORDS + " hits").isLessThan(200L * RECORDS);
    }
  }

  private static void record(Meters meters, TraefikMeters traefik, CompletedRequest hit) {
    for (int i = 0; i < RECORDS; i++) {
      meters.answered("app.test", CacheStatus.HIT);
      meters.completed(hit);
      traefik.completed(hit);
    }
  }

  @Test
  void exposition_thousandRouters_allocatesLessThanFourTimesItsText() {
    try (Meters meters = new Meters("1")) {
      TraefikMeters traefik = meters.traefik(everything(), () -> Instant.EPOCH);
      List<String> routers =
          IntStream.range(0, ROUTERS).mapToObj("application-%d@docker"::formatted).toList();
      traefik.swapped(Tables.table(routers, List.of()), false);
      for (String router : routers) {
        traefik.completed(Completed.HIT.by(router, router).get());
        traefik.completed(Completed.HIT.by(router, router).method("POST").get());
      }
      int size = 0;
      long allocated = 0;
      long fastest = Long.MAX_VALUE;
      for (int i = 0; i < SCRAPES; i++) {
        long bytes = threads.getCurrentThreadAllocatedBytes();
        long begin = threads.getCurrentThreadCpuTime();
        size = meters.exposition(Format.TEXT).remaining();
        fastest = Math.min(fastest, threads.getCurrentThreadCpuTime() - begin);
        allocated = threads.getCurrentThreadAllocatedBytes() - bytes;
      }
      figures.log(
          System.Logger.Level.INFO,
          "figure: a scrape of {0} routers is {1} B, takes {2} ms of a processor and allocates {3}"
              + " B",
          ROUTERS,
          size,
          TimeUnit.NANOSECONDS.toMillis(fastest),
          allocated);
      assertThat(size).isGreaterThan(ROUTERS * 2 * 18 * 100);
      assertThat(allocated).isLessThan(4L * size);
    }
  }
}
