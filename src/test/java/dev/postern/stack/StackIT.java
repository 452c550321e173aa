package dev.postern.stack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.testing.program.NeedsTraefik;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// The shipped files in real Traefik: what it says about them and how the entry points behave.
@NeedsTraefik
class StackIT {
  @TempDir static Path directory;
  private static Stack stack;

  @BeforeAll
  static void start() throws Exception {
    stack = new Stack(directory);
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  @Test
  void log_ofTraefik_holdsNeitherErrorsNorWarnings() {
    assertThat(stack.traefik().log().lines())
        .isNotEmpty()
        .noneMatch(line -> line.contains(" ERR ") || line.contains(" WRN "));
  }

  @Test
  void api_everythingOfFilesAndLabels_isEnabled() throws Exception {
    for (String kind : List.of("routers", "middlewares", "services")) {
      for (JsonNode one : stack.traefik().api("/api/http/" + kind + "?per_page=1000")) {
        System.err.println(one);
        assertThat(one.path("status").asString("")).as("%s", one).isEqualTo("enabled");
      }
    }
  }
}
