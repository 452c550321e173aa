package dev.postern.overload;

import dev.postern.app.Sidecar;
import dev.postern.testing.Await;
import dev.postern.testing.RawHttp;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// System resources of this process, including Postern and the fakes.
///
/// @param threads platform threads
/// @param descriptors open files and sockets
/// @param directBuffers buffers outside the heap
record Resources(int threads, long descriptors, long directBuffers) {
  /// Allowance for keep-alive connections and for threads that are started once.
  private static final int SLACK = 150;

  private static final Duration LIMIT = Duration.ofSeconds(30);

  static Resources now() {
    try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
      return new Resources(
          ManagementFactory.getThreadMXBean().getThreadCount(),
          files.count(),
          ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
              .filter(pool -> pool.getName().equals("direct"))
              .mapToLong(BufferPoolMXBean::getCount)
              .sum());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Waits until the resources are back at the earlier level, plus the allowance.
  void awaitReleased() {
    Await.until(
        "as little held as before: " + this,
        LIMIT,
        () -> {
          Resources now = now();
          return now.threads < threads + SLACK
              && now.descriptors < descriptors + SLACK
              && now.directBuffers < directBuffers + SLACK;
        });
  }

  /// Waits until no request uses a place, memory or the queue of Postern.
  static void awaitIdle(Sidecar postern) {
    for (String gauge :
        new String[] {
          "postern_in_flight_bytes", "postern_checks_in_flight", "postern_checks_queued"
        }) {
      Await.until(gauge + " is 0", LIMIT, () -> gauge(postern, gauge) == 0);
    }
  }

  /// The value of a gauge without labels.
  static double gauge(Sidecar postern, String name) throws IOException {
    String metrics =
        RawHttp.once(
                postern.adminPort(),
                RawHttp.get("/metrics", "Host: localhost", "Connection: close"))
            .body();
    Matcher line = Pattern.compile("(?m)^" + name + " (\\S+)$").matcher(metrics);
    if (!line.find()) {
      throw new AssertionError("no " + name + " in " + metrics);
    }
    return Double.parseDouble(line.group(1));
  }

  /// Bytes of the heap in use after a collection.
  static long heapAfterCollection() {
    var memory = ManagementFactory.getMemoryMXBean();
    memory.gc();
    return memory.getHeapMemoryUsage().getUsed();
  }
}
