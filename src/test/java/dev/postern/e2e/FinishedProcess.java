package dev.postern.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/// A process that has ended.
///
/// @param exitCode as the operating system reports it
/// @param output standard output and standard error together
record FinishedProcess(int exitCode, String output) {
  private static final int LIMIT_SECONDS = 60;

  /// Runs the process to its end.
  static FinishedProcess of(ProcessBuilder builder) throws IOException, InterruptedException {
    Path output = Files.createTempFile("output", ".txt");
    Process process = builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
    try {
      process.getOutputStream().close();
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        throw new IOException(builder.command() + " runs longer than " + LIMIT_SECONDS + " s");
      }
      return new FinishedProcess(process.exitValue(), Files.readString(output));
    } finally {
      process.destroyForcibly();
      Files.delete(output);
    }
  }
}
