package dev.postern.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.app.Reloads;
import dev.postern.app.Running;
import dev.postern.cli.Cli;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Signals sent to a running `postern serve`.
@Timeout(60)
class ServeSignalTest {
  @ParameterizedTest
  @ValueSource(strings = {"TERM", "INT"})
  void serve_signalToStop_drainsAndEndsWithZero(String signal) throws Exception {
    Process process = start();
    try (var out = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
      assertThat(out.lines().takeWhile(line -> !line.equals("waiting")).toList())
          .isNotEmpty()
          .allMatch(line -> line.contains(" INF "));
      send(process, signal);
      assertThat(out.lines()).containsExactly("draining", "drained");
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isZero();
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void serve_sigusr1_reopensLogsAndKeepsRunning() throws Exception {
    Process process = start();
    try (var out = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
      assertThat(out.lines().takeWhile(line -> !line.equals("waiting")).toList()).isNotEmpty();
      for (int i = 0; i < 2; i++) {
        send(process, "USR1");
        assertThat(out.readLine()).isEqualTo("reopening");
      }
      assertThat(process.isAlive()).isTrue();
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void serve_startedWithSighupIgnored_warnsThatItStaysIgnored() throws Exception {
    List<String> command = new ArrayList<>(List.of("sh", "-c", "trap '' HUP; exec \"$@\"", "sh"));
    command.addAll(program());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (var out = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
      assertThat(out.lines().takeWhile(line -> !line.equals("waiting")).toList())
          .filteredOn(line -> line.contains(" WRN "))
          .singleElement()
          .asString()
          .contains("SIGHUP is ignored, because the parent process ignores it");
      send(process, "HUP");
      assertThat(process.isAlive()).isTrue();
    } finally {
      process.destroyForcibly();
    }
  }

  private static void send(Process process, String signal) throws Exception {
    Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start();
    assertThat(kill.waitFor()).isZero();
  }

  private static Process start() throws IOException {
    return new ProcessBuilder(program()).redirectErrorStream(true).start();
  }

  private static List<String> program() {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-cp",
        System.getProperty("java.class.path"),
        Program.class.getName());
  }

  /// Runs `serve` with a fake that prints the calls it receives.
  static final class Program {
    private Program() {}

    public static void main(String[] args) {
      var out = new PrintWriter(System.out, true, UTF_8);
      System.exit(
          new Cli(Map.of(), out, out, _ -> new Fake(out, new CountDownLatch(1)))
              .run("--upstream.url=http://outpost:9000"));
    }
  }

  private record Fake(PrintWriter out, CountDownLatch stopped) implements Running {
    @Override
    public void watchUpstream() {}

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
    public void reopenLogs() {
      out.println("reopening");
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
