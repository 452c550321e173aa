package dev.postern.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.testing.program.ChildProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Runs the script that the documentation offers to readers.
class DemoScriptIT {
  @Test
  void script_withTheImage_doesTheRoundWithCurl(@TempDir Path directory) throws Exception {
    String image = System.getProperty("postern.image", "target/postern");
    try (ChildProcess script =
        ChildProcess.start(
            directory.resolve("script.log"), List.of("src/test/demo-round-trip.sh", image))) {
      int exit = script.awaitExit(Duration.ofMinutes(2));
      assertThat(exit).as(script.log()).isZero();
      assertThat(script.log()).contains("signed in, served, signed out, sign-in required");
    }
  }
}
