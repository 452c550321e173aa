package dev.postern.e2e;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.postern.app.Version;
import dev.postern.testing.Await;
import dev.postern.testing.program.ExternalProgram;
import dev.postern.testing.program.NeedsProgram;
import dev.postern.testing.program.Prometheus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/// Runs every query of the dashboard and of the alerts in real Prometheus, which scrapes a real
/// Postern under a known load, and fake metrics of a second one with every problem.
///
/// Queries are evaluated at the time of the last scrape, with a range that starts before the first
/// one, so that their results are exact.
@NeedsProgram(ExternalProgram.PROMETHEUS)
class DashboardIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final double RANGE = 300;
  private static final List<String> JOBS = List.of("postern", "standby");

  @TempDir static Path directory;

  private static KnownLoad load;
  private static Prometheus prometheus;

  @BeforeAll
  static void start() throws Exception {
    load = new KnownLoad(directory);
    prometheus =
        Prometheus.start(
            directory.resolve("prometheus"),
            Map.of("postern", load.posternPort(), "standby", load.standbyPort()),
            GrafanaFiles.ALERTS);
    awaitScrapes(1);
    load.run();
    awaitScrapes(3);
  }

  @AfterAll
  static void stop() {
    prometheus.close();
    load.close();
  }

  /// Waits for this many further scrapes of each job.
  private static void awaitScrapes(int times) throws IOException {
    for (String job : JOBS) {
      for (int i = 0; i < times; i++) {
        String before = lastScrape(job);
        Await.until("a scrape of " + job, LIMIT, () -> !lastScrape(job).equals(before));
      }
    }
  }

  /// Time of a job's last scrape, as Prometheus prints it; empty before the first one.
  private static String lastScrape(String job) throws IOException {
    List<JsonNode> found =
        prometheus.query("timestamp(postern_build_info{job=\"" + job + "\"})", "");
    return found.isEmpty() ? "" : found.getFirst().path("value").get(1).asString();
  }

  /// The expected series that are not zero, by panel and letter of the query. Panels of the second
  /// Postern are marked.
  private static Map<String, Map<String, Double>> expected() {
    double meanCheck = load.onPage("postern_check_duration_seconds_sum") / 10;
    double certificate =
        load.onPage("postern_certificate_expiry_timestamp_seconds{entrypoint=\"auths\"}");
    String it = "instance=127.0.0.1:" + load.posternPort();
    String java = "version=" + Version.number();
    return Map.ofEntries(
        entry("Checks saved A", Map.of("", 9.0)),
        entry("Hit ratio A", Map.of("", 9.0 / 19)),
        entry("Time saved A", Map.of("", 9 * meanCheck)),
        entry("Requests a second A", Map.of("", 19 / RANGE)),
        entry(
            "Answers by where they came from A",
            Map.of("result=hit", 9 / RANGE, "result=miss", 5 / RANGE, "result=bypass", 5 / RANGE)),
        entry("Checks saved and made A", Map.of("", 9 / RANGE)),
        entry("Checks saved and made B", Map.of("", 10 / RANGE)),
        entry(
            "Verdicts A",
            Map.of(
                "verdict=allow", 11 / RANGE,
                "verdict=challenge", 5 / RANGE,
                "verdict=unavailable", 3 / RANGE)),
        entry("Requests by application A", Map.of("application=portal", 19 / RANGE)),
        entry("Hit ratio by application A", Map.of("application=portal", 9.0 / 19)),
        entry(
            "Challenges and refusals by application A",
            Map.of("application=portal,verdict=challenge", 5 / RANGE)),
        entry("Logins limited A", Map.of()),
        entry("Hits A", Map.of("le=+Inf", 9.0)),
        entry("Misses A", Map.of("le=+Inf", 5.0)),
        entry("Checks without a verdict A", Map.of("kind=upstream_error", 3 / RANGE)),
        entry("Checks in flight A", Map.of()),
        entry("Checks in flight B", Map.of()),
        entry("Revocations A", Map.of("feed=admin", 1 / RANGE)),
        entry("Feeds A", Map.of()),
        entry(
            "standby: Sources A",
            Map.of("instance=127.0.0.1:" + load.standbyPort() + ",provider=file", 1.0)),
        entry("Messages of feeds A", Map.of()),
        entry("Allows not remembered A", Map.of()),
        entry("Entries gone A", Map.of("cause=ended", 1 / RANGE)),
        entry("Memory of entries B", Map.of("", (double) (64 << 20))),
        entry("Entries A", Map.of(it, 1.0)),
        entry("Memory of requests on their way A", Map.of()),
        entry("Memory of requests on their way B", Map.of("", (double) (64 << 20))),
        entry("Running A", Map.of(it + "," + java, 1.0)),
        entry("Up since A", Map.of(it, load.onPage("process_start_time_seconds") * 1000)),
        entry("Certificate expires A", Map.of(it, certificate * 1000)),
        entry("Log lines lost A", Map.of()),
        entry("standby: Log lines lost A", Map.of("", 7.0)));
  }

  /// Panels with unpredictable values, and their upper limits.
  private static final Map<String, Double> BELOW =
      Map.of(
          "99th percentile A", 25.0,
          "Checks A", 25.0,
          "Checks B", 25.0,
          // Header lines of a removed entry count until garbage collection.
          "Memory of entries A", 10_000.0,
          "Resident memory A", 4e9,
          "Resident memory B", 4e9);

  @Test
  void panels_allQueries_returnTheKnownNumbers() throws IOException {
    Map<String, String> queries = GrafanaFiles.queries();
    Map<String, Map<String, Double>> expected = expected();
    Set<String> asked = new HashSet<>();
    for (Map.Entry<String, Map<String, Double>> panel : expected.entrySet()) {
      boolean isStandby = panel.getKey().startsWith("standby: ");
      String name = panel.getKey().replace("standby: ", "");
      asked.add(name);
      String query = queries.getOrDefault(name, "absent from the dashboard");
      assertSeries(panel.getKey(), ask(query, isStandby ? "standby" : "postern"), panel.getValue());
    }
    for (Map.Entry<String, Double> panel : BELOW.entrySet()) {
      asked.add(panel.getKey());
      assertThat(ask(queries.getOrDefault(panel.getKey(), ""), "postern").values())
          .as(panel.getKey())
          .isNotEmpty()
          .anySatisfy(value -> assertThat(value).isPositive().isLessThan(panel.getValue()));
    }
    assertThat(asked).as("panels with known numbers").isEqualTo(queries.keySet());
    assertThat(queries.values()).noneMatch(query -> query.contains("vector("));
  }

  private static void assertSeries(
      String panel, Map<String, Double> found, Map<String, Double> expected) {
    assertThat(found).as(panel).isNotEmpty();
    assertThat(found.keySet()).as(panel).containsAll(expected.keySet());
    boolean isHistogram = found.containsKey("le=+Inf");
    found.forEach((labels, value) -> {
      if (!isHistogram || labels.equals("le=+Inf")) {
        // 0/0 is NaN, which Grafana does not draw.
        assertThat(value.isNaN() ? Double.valueOf(0) : value)
            .as(panel + " " + labels)
            .isCloseTo(
                expected.getOrDefault(labels, 0.0),
                within(Math.abs(expected.getOrDefault(labels, 0.0)) * 1e-9));
      }
    });
  }

  @Test
  void variables_allQueries_nameWhatThereIs() throws IOException {
    JsonNode variables =
        new ObjectMapper()
            .readTree(Files.readString(GrafanaFiles.DASHBOARD))
            .path("templating")
            .path("list");
    List<String> found = new ArrayList<>();
    for (JsonNode variable : variables) {
      String query = variable.path("query").path("query").asString("");
      if (query.startsWith("label_values(")) {
        int comma = query.lastIndexOf(',');
        String label = query.substring(comma + 1, query.length() - 1).strip();
        String series = query.substring("label_values(".length(), comma);
        ask("count by (" + label + ") (" + series + ")", "postern").keySet().forEach(found::add);
      }
    }
    assertThat(found)
        .containsExactlyInAnyOrder(
            "job=postern",
            "job=standby",
            "instance=127.0.0.1:" + load.posternPort(),
            "application=portal",
            "application=other");
  }

  @Test
  void alerts_allExpressions_fireWhereThereIsTroubleAndNowhereElse() throws IOException {
    String real = "instance=127.0.0.1:" + load.posternPort() + ",job=postern";
    String second = "instance=127.0.0.1:" + load.standbyPort() + ",job=standby";
    Map<String, Map<String, Double>> expected =
        Map.of(
            "PosternIdentityProviderFailing", Map.of("job=postern", 0.3),
            "PosternChecksRefused", Map.of(second, 6 / RANGE),
            "PosternFeedDown",
                Map.of("feed=websocket," + real, 0.0, "feed=websocket," + second, 0.0),
            "PosternHitRatioCollapsed", Map.of("job=standby", 100.0 / 2100),
            "PosternCacheNearBound", Map.of(second, 0.95),
            "PosternInFlightNearBound", Map.of(second, 0.9),
            "PosternLogLinesLost", Map.of(second, 7.0),
            "PosternCertificateExpiring", Map.of(),
            "PosternReloadFailed", Map.of(second + ",provider=file", 1.0));
    Map<String, String> alerts = GrafanaFiles.alerts();
    assertThat(alerts.keySet()).isEqualTo(expected.keySet());
    for (Map.Entry<String, String> alert : alerts.entrySet()) {
      Map<String, Double> found = new TreeMap<>();
      for (String job : List.of("postern", "standby")) {
        prometheus.query(alert.getValue(), lastScrape(job)).stream()
            .filter(series -> series.path("metric").path("job").asString().equals(job))
            .forEach(series -> found.put(labels(series), value(series)));
      }
      assertThat(found.keySet())
          .as(alert.getKey())
          .isEqualTo(expected.getOrDefault(alert.getKey(), Map.of()).keySet());
      found.forEach((labels, value) ->
          assertThat(value)
              .as(alert.getKey() + " " + labels)
              .isCloseTo(
                  expected.getOrDefault(alert.getKey(), Map.of()).getOrDefault(labels, -1.0),
                  within(1e-9)));
    }
  }

  /// The queries of Traefik's own dashboard (docs/design/traefik.md section 4.5), without its
  /// variables.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "count(traefik_config_reloads_total)",
        "sum(rate(traefik_entrypoint_requests_total{entrypoint=~\".*\"}[5m])) by (entrypoint)",
        "(sum(rate(traefik_entrypoint_request_duration_seconds_bucket{le=\"0.3\",code=\"200\"}[5m]))"
            + " by (method) +"
            + " sum(rate(traefik_entrypoint_request_duration_seconds_bucket{le=\"1.2\",code=\"200\"}[5m]))"
            + " by (method)) / 2 /"
            + " sum(rate(traefik_entrypoint_request_duration_seconds_count{code=\"200\"}[5m])) by"
            + " (method)",
        "sum(traefik_open_connections{entrypoint=~\".*\"}) by (entrypoint)"
      })
  void traefiksDashboard_itsQueries_findPostern(String query) throws IOException {
    assertThat(prometheus.query(query, lastScrape("postern"))).isNotEmpty();
  }

  @Test
  void certificate_timeLeft_isThatOfTheCertificate() throws IOException {
    String left =
        GrafanaFiles.alerts().getOrDefault("PosternCertificateExpiring", "").split(" < ", 2)[0];
    String time = lastScrape("postern");
    assertThat(prometheus.query(left, time))
        .singleElement()
        .satisfies(series ->
            assertThat(value(series))
                .isCloseTo(
                    load.onPage(
                            "postern_certificate_expiry_timestamp_seconds{entrypoint=\"auths\"}")
                        - Double.parseDouble(time),
                    within(1e-3)));
  }

  @Test
  void rules_loadedByPrometheus_areWell() throws IOException {
    Await.until(
        "every rule has been evaluated",
        LIMIT,
        () -> rules().allMatch(rule -> rule.path("health").asString().equals("ok")));
    assertThat(rules()).hasSize(GrafanaFiles.alerts().size());
  }

  private static Stream<JsonNode> rules() throws IOException {
    return prometheus
        .api("/api/v1/rules")
        .path("data")
        .path("groups")
        .path(0)
        .path("rules")
        .valueStream();
  }

  private static Map<String, Double> ask(String query, String job) throws IOException {
    String filled =
        query
            .replace("$__rate_interval", (int) RANGE + "s")
            .replace("$__range", (int) RANGE + "s")
            .replace("$job", job)
            .replace("$instance", ".*")
            .replace("$application", ".*");
    Map<String, Double> found = new TreeMap<>();
    prometheus
        .query(filled, lastScrape(job))
        .forEach(series -> found.put(labels(series), value(series)));
    return found;
  }

  private static String labels(JsonNode series) {
    Map<String, String> labels = new TreeMap<>();
    series.path("metric").forEachEntry((name, text) -> labels.put(name, text.asString()));
    return labels.entrySet().stream()
        .map(label -> label.getKey() + "=" + label.getValue())
        .collect(Collectors.joining(","));
  }

  private static double value(JsonNode series) {
    return Double.parseDouble(series.path("value").get(1).asString().replace("+Inf", "Infinity"));
  }
}
