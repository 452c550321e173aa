package dev.postern.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.server.edge.FuzzFrames;
import dev.postern.server.edge.FuzzHeads;
import dev.postern.testing.program.ChildProcess;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Runs every fuzz target: on its seeds, then under Jazzer for some seconds (the system property
/// `postern.fuzz.seconds`; the profile `fuzz` sets ten minutes). Add Jazzer's findings to the
/// seeds, so that later runs start with them.
class FuzzTest {
  private static final Path SEEDS = Path.of("src/test/resources/fuzz");
  private static final int SECONDS = Integer.getInteger("postern.fuzz.seconds", 3);

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(
      classes = {
        FuzzCookies.class,
        FuzzForwarded.class,
        FuzzUrls.class,
        FuzzTokens.class,
        FuzzResponses.class,
        FuzzConfiguration.class,
        FuzzHeads.class,
        FuzzFrames.class
      })
  void target_onItsSeeds_holds(Class<?> target) throws Exception {
    List<Path> seeds = seeds(target);
    assertThat(seeds).isNotEmpty();
    for (Path seed : seeds) {
      byte[] data = Files.readAllBytes(seed);
      run(target, data, seed);
      for (int length = 0; length < data.length; length += 1 + data.length / 100) {
        run(target, Arrays.copyOf(data, length), seed);
      }
    }
  }

  private static void run(Class<?> target, byte[] data, Path seed) throws Exception {
    try {
      target.getMethod("fuzzerTestOneInput", byte[].class).invoke(null, (Object) data);
    } catch (InvocationTargetException e) {
      throw new AssertionError(seed + ", " + data.length + " bytes", e.getCause());
    }
  }

  @ParameterizedTest
  @ValueSource(
      classes = {
        FuzzCookies.class,
        FuzzForwarded.class,
        FuzzUrls.class,
        FuzzTokens.class,
        FuzzResponses.class,
        FuzzConfiguration.class,
        FuzzHeads.class,
        FuzzFrames.class
      })
  void target_underTheFuzzer_holds(Class<?> target) throws Exception {
    Path corpus = Files.createDirectory(directory.resolve("corpus"));
    for (Path seed : seeds(target)) {
      Files.copy(seed, corpus.resolve(seed.getFileName()));
    }
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "--enable-native-access=ALL-UNNAMED",
                // Jazzer's hooks for Unsafe fail in Netty.
                "-Dio.netty.noUnsafe=true",
                "-cp",
                System.getProperty("java.class.path"),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + target.getName(),
                "--instrumentation_includes=dev.postern.**",
                "--reproducer_path=" + directory,
                "-artifact_prefix=" + directory + "/",
                "-max_total_time=" + SECONDS,
                // The kernel's maximum includes the parent's memory; the heap limit above is
                // enough.
                "-rss_limit_mb=0",
                "-seed=" + ThreadLocalRandom.current().nextInt(1, Integer.MAX_VALUE),
                corpus.toString()));
    try (ChildProcess jazzer = ChildProcess.start(directory.resolve("jazzer.log"), command)) {
      int exit = jazzer.awaitExit(Duration.ofSeconds(SECONDS + 120));
      assertThat(exit).as(jazzer.log()).isZero();
      assertThat(jazzer.log()).containsPattern("Done [0-9]+ runs");
    }
  }

  private static List<Path> seeds(Class<?> target) throws IOException {
    try (Stream<Path> files = Files.list(SEEDS.resolve(target.getSimpleName()))) {
      return files.sorted().toList();
    }
  }
}
