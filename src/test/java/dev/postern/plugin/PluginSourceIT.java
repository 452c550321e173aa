package dev.postern.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.testing.program.ChildProcess;
import dev.postern.testing.program.ExternalProgram;
import dev.postern.testing.program.NeedsProgram;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Checks the plugin's Go source with Go's own tools.
@NeedsProgram(ExternalProgram.GO)
class PluginSourceIT {
  private static final Path SOURCE = Path.of("compose/plugins-local/src/postern.dev/traefik");

  @TempDir Path directory;

  @Test
  void source_isFormattedSoundAndItsTestsPass() throws Exception {
    Path go = ExternalProgram.GO.require();
    Path gofmt = Path.of(run(go.toString(), "env", "GOROOT").strip(), "bin", "gofmt");
    assertThat(run(gofmt.toString(), "-l", ".")).as("files to format").isEmpty();
    assertThat(run(go.toString(), "vet", "./...")).isEmpty();
    assertThat(run(go.toString(), "test", "./...")).contains("ok");
  }

  private String run(String... command) {
    try (ChildProcess process =
        ChildProcess.startIn(directory.resolve("go.log"), List.of(command), SOURCE)) {
      int exit = process.awaitExit(Duration.ofMinutes(3));
      assertThat(exit).as(process.log()).isZero();
      return process.log();
    }
  }
}
