package dev.postern;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What a signal does to a process that serves.
@Timeout(60)
class ServeSignalTest {
  private static final int EXIT_BY_SIGTERM = 143;

  @Test
  void serve_sigterm_drainsBeforeTheProcessEnds() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Program.class.getName())
            .redirectErrorStream(true)
            .start();
    try (var out = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
      assertThat(out.lines().takeWhile(line -> !line.equals("waiting")).toList())
          .isNotEmpty()
          .allMatch(line -> line.contains(" INF "));
      process.toHandle().destroy();
      assertThat(out.lines()).containsExactly("draining", "drained");
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isEqualTo(EXIT_BY_SIGTERM);
    } finally {
      process.destroyForcibly();
    }
  }

  /// Serves a fake that says what is done to it.
  static final class Program {
    private Program() {}

    public static void main(String[] args) {
      var out = new PrintWriter(System.out, true, UTF_8);
      new Cli(Map.of(), out, out, _ -> new Fake(out, new CountDownLatch(1)))
          .run("--upstream.url=http://outpost:9000");
    }
  }

  private record Fake(PrintWriter out, CountDownLatch stopped) implements ServeCommand.Running {
    @Override
    public Reloads reloads() {
      return new Reloads();
    }

    @Override
    public void awaitStop() throws InterruptedException {
      out.println("waiting");
      stopped.await();
    }

    @Override
    public void close() {
      if (stopped.getCount() > 0) {
        out.println("draining");
        out.println("drained");
        stopped.countDown();
      }
    }
  }
}
