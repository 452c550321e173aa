package dev.postern.testing.program;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A program started by a test. Its output goes to a file, and closing ends it.
public final class ChildProcess implements AutoCloseable {
  private final Process process;
  private final Path log;

  private ChildProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /// Starts a program without the `POSTERN_…` variables of this environment.
  ///
  /// @param log file for its output
  /// @param command program and arguments
  /// @return the running program
  /// @throws UncheckedIOException when it cannot be started
  public static ChildProcess start(Path log, List<String> command) {
    return start(log, command, Map.of());
  }

  /// The same with further environment variables.
  ///
  /// @param log file for its output
  /// @param command program and arguments
  /// @param environment the variables
  /// @return the running program
  /// @throws UncheckedIOException when it cannot be started
  public static ChildProcess start(
      Path log, List<String> command, Map<String, String> environment) {
    return start(log, new ProcessBuilder(command), environment);
  }

  /// Starts a program in a directory.
  ///
  /// @param log file for its output
  /// @param command program and arguments
  /// @param directory its working directory
  /// @return the running program
  /// @throws UncheckedIOException when it cannot be started
  public static ChildProcess startIn(Path log, List<String> command, Path directory) {
    return start(log, new ProcessBuilder(command).directory(directory.toFile()), Map.of());
  }

  private static ChildProcess start(
      Path log, ProcessBuilder builder, Map<String, String> environment) {
    builder.redirectErrorStream(true);
    builder.redirectOutput(log.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("POSTERN_"));
    builder.environment().putAll(environment);
    try {
      return new ChildProcess(builder.start(), log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// {@return whether it still runs}
  public boolean isAlive() {
    return process.isAlive();
  }

  /// {@return what it has printed so far}
  ///
  /// @throws UncheckedIOException when the file cannot be read
  public String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Sends a signal.
  ///
  /// @param name its name without `SIG`
  /// @throws AssertionError when it cannot be sent
  public void signal(String name) {
    try {
      int exit =
          new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
              .inheritIO()
              .start()
              .waitFor();
      if (exit != 0) {
        throw new AssertionError("kill -" + name + ": " + exit);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /// Sends SIGTERM.
  public void terminate() {
    process.destroy();
  }

  /// {@return the process id}
  public long pid() {
    return process.pid();
  }

  /// Waits for the program to end by itself.
  ///
  /// @param limit how long
  /// @return its exit code
  /// @throws AssertionError when it still runs
  public int awaitExit(Duration limit) {
    try {
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError("still running after " + limit + ":\n" + log());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /// Sends SIGTERM, and kills the program after 5 s.
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
