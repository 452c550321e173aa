package dev.postern.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.app.Sidecar;
import dev.postern.testing.PosternConfig;
import dev.postern.testing.RawHttp;
import dev.postern.testing.program.ChildProcess;
import dev.postern.testing.program.ExternalProgram;
import dev.postern.testing.program.NeedsProgram;
import dev.postern.testing.upstream.Identity;
import dev.postern.testing.upstream.RecordingUpstream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Checks metrics and rules with Prometheus's promtool.
@NeedsProgram(ExternalProgram.PROMTOOL)
class PromtoolIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @TempDir Path directory;

  @Test
  void rules_areWellFormedAndPassTheirTests() {
    assertThat(promtool("check", "rules", "grafana/alerts.yml")).contains("SUCCESS");
    assertThat(promtool("test", "rules", "grafana/alerts.test.yml")).contains("SUCCESS");
  }

  @Test
  void metrics_ofARunningPostern_areFound() throws Exception {
    try (RecordingUpstream upstream = new RecordingUpstream();
        Sidecar postern =
            Sidecar.start(PosternConfig.of(upstream.url(), directory.resolve("state")).build())) {
      upstream.signIn("app.test", "authentik_proxy_1=a", Identity.of("alice", "app"));
      RawHttp.once(
          postern.authPort(),
          RawHttp.get(
              RecordingUpstream.AUTH,
              "Host: postern",
              "X-Forwarded-Method: GET",
              "X-Forwarded-Proto: https",
              "X-Forwarded-Host: app.test",
              "X-Forwarded-Uri: /",
              "Cookie: authentik_proxy_1=a",
              "Connection: close"));
      String page =
          RawHttp.once(
                  postern.adminPort(),
                  RawHttp.get("/metrics", "Host: localhost", "Connection: close"))
              .body();
      assertThat(page).contains("traefik_entrypoint_requests_total{");
      Path file = Files.writeString(directory.resolve("metrics.txt"), page, UTF_8);

      String said =
          run(
              List.of(
                  "sh",
                  "-c",
                  "\"$0\" check metrics < \"$1\"; echo \"exit $?\"",
                  ExternalProgram.PROMTOOL.require().toString(),
                  file.toString()));

      assertThat(said).isEqualTo("exit 0\n");
    }
  }

  private String promtool(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(ExternalProgram.PROMTOOL.require().toString());
    command.addAll(List.of(arguments));
    return run(command);
  }

  private String run(List<String> command) {
    try (ChildProcess process = ChildProcess.start(directory.resolve("promtool.log"), command)) {
      assertThat(process.awaitExit(LIMIT)).as(process.log()).isZero();
      return process.log();
    }
  }
}
