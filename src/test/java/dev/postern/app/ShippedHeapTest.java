package dev.postern.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.config.StaticConfig;
import dev.postern.config.load.StaticConfigLoader;
import dev.postern.config.load.StaticConfigLoader.Loaded;
import dev.postern.server.edge.EdgeLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// The heap of the shipped container is large enough for all limits to be reached at once.
class ShippedHeapTest {
  private static final long MIB = 1 << 20;

  /// Heap used by a running Postern without entries and requests: 19 MiB after a full collection,
  /// and a reserve.
  private static final long PROGRAM_BYTES = 24 * MIB;

  @Test
  void fullCacheAndFullBudgets_fitTheOldGeneration() throws IOException {
    String launcher = Files.readString(Path.of("src/main/image/bin/postern"));
    long container =
        number(Files.readString(Path.of("compose/postern.yaml")), "mem_limit: (\\d+)m");
    long heap = container * MIB * number(launcher, "MaxRAMPercentage=(\\d+)\\n") / 100;
    long old = heap - number(launcher, "-Xmn(\\d+)m\\n") * MIB;
    StaticConfig config = defaults();

    long limited =
        config.cache().maxSize().bytes()
            + config.upstream().maxInFlightSize().bytes()
            + EdgeLimits.forHeap(heap).memoryBytes();

    assertThat(limited + PROGRAM_BYTES).isLessThanOrEqualTo(old);
  }

  private static long number(String text, String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    assertThat(matcher.find()).as(pattern).isTrue();
    return Long.parseLong(matcher.group(1));
  }

  private static StaticConfig defaults() {
    var loaded =
        new StaticConfigLoader(Map.of()).load(List.of("--upstream.url=http://127.0.0.1:9"));
    assertThat(loaded).isInstanceOf(Loaded.class);
    return (StaticConfig) ((Loaded<?>) loaded).value();
  }
}
