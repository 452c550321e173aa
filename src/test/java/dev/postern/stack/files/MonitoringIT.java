package dev.postern.stack.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.stack.files.ResolvedStack.Mount;
import dev.postern.testing.program.ExternalProgram;
import dev.postern.testing.program.NeedsProgram;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// The configuration of Prometheus and Grafana in compose.yaml, and whether they reach each other
/// and their targets.
@NeedsProgram({ExternalProgram.PODMAN_COMPOSE, ExternalProgram.PROMTOOL})
class MonitoringIT {
  @TempDir Path work;
  private ResolvedStack stack;

  @BeforeEach
  void resolveStack() throws Exception {
    stack = ResolvedStack.resolve(ResolvedStack.DIRECTORY.resolve("compose.yaml"), work);
  }

  @Test
  void prometheus_findsItsRulesAndWhatItScrapes() throws Exception {
    for (Mount mount : ResolvedStack.mounts(stack.service("prometheus"))) {
      if (mount.isPath()) {
        Files.copy(mount.path(), work.resolve(Path.of(mount.target()).getFileName()));
      }
    }
    Path file = work.resolve("prometheus.yml");

    assertThat(
            ResolvedStack.run(
                work,
                List.of(
                    ExternalProgram.PROMTOOL.require().toString(),
                    "check",
                    "config",
                    file.toString())))
        .contains("SUCCESS: 1 rule files found");

    Set<String> targets = new TreeSet<>();
    for (JsonNode job : ResolvedStack.yaml(file).path("scrape_configs")) {
      targets.addAll(ResolvedStack.texts(job.path("static_configs").path(0).path("targets")));
    }
    JsonNode traefik = ResolvedStack.yaml(ResolvedStack.DIRECTORY.resolve("traefik/traefik.yml"));
    JsonNode postern = ResolvedStack.yaml(ResolvedStack.DIRECTORY.resolve("postern/postern.yml"));
    String metrics = traefik.path("metrics").path("prometheus").path("entryPoint").asString();
    assertThat(targets)
        .containsExactlyInAnyOrder(
            "localhost:9090",
            "postern" + postern.path("entryPoints").path("admin").path("address").asString(),
            "traefik" + traefik.path("entryPoints").path(metrics).path("address").asString());
    assertThat(stack.members("monitoring")).containsExactly("grafana", "prometheus", "traefik");
  }

  @Test
  void grafana_findsPrometheusAndTheDashboard() throws Exception {
    List<Mount> mounts = ResolvedStack.mounts(stack.service("grafana"));
    String folder = "grafana/provisioning/";
    assertThat(
            ResolvedStack.yaml(Path.of(folder + "datasources/prometheus.yml"))
                .path("datasources")
                .path(0)
                .path("url")
                .asString())
        .isEqualTo("http://prometheus:9090");
    String dashboards =
        ResolvedStack.yaml(Path.of(folder + "dashboards/postern.yml"))
            .path("providers")
            .path(0)
            .path("options")
            .path("path")
            .asString();
    assertThat(mounts)
        .contains(
            new Mount(
                "../" + folder + "datasources", "/etc/grafana/provisioning/datasources", true),
            new Mount("../" + folder + "dashboards", "/etc/grafana/provisioning/dashboards", true),
            new Mount("../grafana/dashboard.json", dashboards + "/dashboard.json", true));
  }
}
