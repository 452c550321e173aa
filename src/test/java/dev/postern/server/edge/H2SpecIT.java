package dev.postern.server.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.testing.program.ChildProcess;
import dev.postern.testing.program.ExternalProgram;
import dev.postern.testing.program.NeedsProgram;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Runs all conformance tests of h2spec for HTTP/2 and HPACK.
@NeedsProgram(ExternalProgram.H2SPEC)
class H2SpecIT {
  @TempDir Path directory;

  @Test
  void http2_isWhatTheSpecificationSays() throws Exception {
    // So few streams that the waiting responses of all of them fit into the memory: a 503 would end
    // a stream and allow one too many.
    try (EdgeStage stage =
        EdgeStage.tls(
            directory, limits -> new ChangedLimits(limits).with("streams", 100).limits(), true)) {
      List<String> command =
          List.of(
              ExternalProgram.H2SPEC.require().toString(),
              "--host=127.0.0.1",
              "--port=" + stage.port(),
              "--path=/large",
              "--tls",
              "--insecure",
              "--timeout=5");
      try (ChildProcess h2spec = ChildProcess.start(directory.resolve("h2spec.log"), command)) {
        int exit = h2spec.awaitExit(Duration.ofMinutes(5));
        assertThat(h2spec.log()).contains("145 tests, 145 passed, 0 skipped, 0 failed");
        assertThat(exit).isZero();
      }
    }
  }
}
