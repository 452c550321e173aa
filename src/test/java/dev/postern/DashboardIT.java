package dev.postern;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.postern.config.FeedsConfig;
import dev.postern.config.Problem;
import dev.postern.config.Secret;
import dev.postern.config.tls.ClientTls;
import dev.postern.metrics.Meters;
import dev.postern.metrics.exposition.Format;
import dev.postern.routing.definition.Provider;
import dev.postern.routing.definition.ProviderState;
import dev.postern.testing.AdminApi;
import dev.postern.testing.Await;
import dev.postern.testing.PosternConfig;
import dev.postern.testing.RawHttp;
import dev.postern.testing.RawServer;
import dev.postern.testing.program.ExternalProgram;
import dev.postern.testing.program.NeedsProgram;
import dev.postern.testing.program.Prometheus;
import dev.postern.testing.upstream.Fault;
import dev.postern.testing.upstream.Identity;
import dev.postern.testing.upstream.RecordingUpstream;
import dev.postern.verdict.CacheStatus;
import dev.postern.verdict.Feed;
import dev.postern.verdict.Verdict;
import dev.postern.verdict.VerdictListener.Removal;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// Every query of the dashboard and of the alerts, asked of real Prometheus that scrapes a real
/// Postern under a known load, and a second one that is in every trouble there is.
///
/// Queries are asked for the moment of the last scrape, with a range that begins before the first:
/// what they return is then exact.
@NeedsProgram(ExternalProgram.PROMETHEUS)
class DashboardIT {
  private static final Path DASHBOARD = Path.of("grafana/dashboard.json");
  private static final Path ALERTS = Path.of("grafana/alerts.yml");
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final double RANGE = 300;
  private static final String HOST = "app.example.test";
  private static final String ALICE = "authentik_proxy_51a54282=alice-1";
  private static final String BOB = "authentik_proxy_51a54282=bob-1";

  @TempDir static Path directory;

  private static final RecordingUpstream UPSTREAM = new RecordingUpstream();
  private static final Meters STANDBY = new Meters("test");
  private static final AtomicLong LOST = new AtomicLong();
  private static Sidecar postern;
  private static RawServer standby;
  private static Prometheus prometheus;
  private static Map<String, Double> page;

  @BeforeAll
  static void load() throws Exception {
    postern =
        Sidecar.start(
            PosternConfig.of(UPSTREAM.url(), directory.resolve("state"))
                .websocket(
                    new FeedsConfig.Websocket(
                        URI.create("http://127.0.0.1:1"),
                        "6c0d3c62-0000-4000-8000-000000000001",
                        new Secret("token"),
                        ClientTls.STANDARD))
                .build());
    standby = RawServer.start((_, connection) -> connection.write(standbyPage()));
    prepareStandby();
    prometheus =
        Prometheus.start(
            directory.resolve("prometheus"),
            Map.of("postern", postern.adminPort(), "standby", standby.port()),
            ALERTS);
    awaitScrapes(1);
    troubleStandby();
    loadPostern();
    page = page();
    awaitScrapes(3);
  }

  @AfterAll
  static void stop() {
    prometheus.close();
    postern.close();
    standby.close();
    STANDBY.close();
    UPSTREAM.close();
  }

  private static void awaitScrapes(int more) throws IOException {
    Map<String, String> before = Map.of("postern", lastScrape("postern"), "standby", lastScrape("standby"));
    for (int i = 0; i < more; i++) {
      before.keySet().forEach(job -> {
        String[] last = {""};
        Await.until(
            "a scrape of " + job,
            LIMIT,
            () -> {
              String present = lastScrape(job);
              boolean isNew = !present.isEmpty() && !present.equals(before.get(job)) && !present.equals(last[0]);
              last[0] = present;
              return isNew;
            });
      });
    }
  }

  private static String lastScrape(String job) throws IOException {
    List<JsonNode> found = prometheus.query("timestamp(postern_build_info{job=\"" + job + "\"})", "");
    return found.isEmpty() ? "" : found.getFirst().path("value").get(1).asString();
  }

  private static String standbyPage() {
    String text = UTF_8.decode(STANDBY.exposition(Format.TEXT)).toString();
    return "HTTP/1.1 200 OK\r\nContent-Type: " + Format.TEXT.contentType() + "\r\nContent-Length: "
        + text.getBytes(UTF_8).length + "\r\n\r\n" + RawHttp.utf8(text);
  }

  private static void prepareStandby() {
    STANDBY.counter("postern.access.log.lost.lines", "Lost.", LOST::get);
    STANDBY.gauge("postern.cache.bytes", "Used.", () -> 95);
    STANDBY.gauge("postern.cache.limit.bytes", "Bound.", () -> 100);
    STANDBY.gauge("postern.in.flight.bytes", "Used.", () -> 90);
    STANDBY.gauge("postern.in.flight.limit.bytes", "Bound.", () -> 100);
    STANDBY.feed(Feed.WEBSOCKET).connected(false);
    STANDBY.attempted(
        ProviderState.untried(Provider.FILE).failed(List.of(new Problem("rules.yml", "is bad"))));
  }

  private static void troubleStandby() {
    LOST.set(7);
    STANDBY.removed(Removal.SIZE);
    for (int i = 0; i < 6; i++) {
      STANDBY.checkStarted();
      STANDBY.checkEnded(Verdict.Unavailable.because(Verdict.Fault.OVERLOAD), 1000);
    }
    for (int i = 0; i < 2000; i++) {
      STANDBY.answered("host-" + i, CacheStatus.MISS);
    }
    for (int i = 0; i < 100; i++) {
      STANDBY.answered("host", CacheStatus.HIT);
    }
  }

  /// 19 requests: 9 hits, 10 checks of which 3 fail and 5 lead to the login; one revocation.
  private static void loadPostern() throws IOException {
    UPSTREAM.signIn(HOST, ALICE, Identity.of("alice", "app"));
    UPSTREAM.signIn(HOST, BOB, Identity.of("bob", "app"));
    ask(ALICE, 10, 200);
    ask("theme=dark", 5, 302);
    UPSTREAM.fail(Fault.UNAVAILABLE);
    ask(BOB, 3, 503);
    UPSTREAM.fail(Fault.NONE);
    assertThat(new AdminApi(postern.adminPort()).revoke("{\"all\":true}")).isEqualTo(1);
    ask(ALICE, 1, 200);
  }

  private static void ask(String cookie, int times, int status) throws IOException {
    for (int i = 0; i < times; i++) {
      assertThat(
              RawHttp.once(
                      postern.authPort(),
                      RawHttp.get(
                          RecordingUpstream.AUTH,
                          "Host: postern",
                          "X-Forwarded-Method: GET",
                          "X-Forwarded-Proto: https",
                          "X-Forwarded-Host: " + HOST,
                          "X-Forwarded-Uri: /",
                          "Cookie: " + cookie,
                          "Connection: close"))
                  .status())
          .isEqualTo(status);
    }
  }

  /// What Postern's own page says once the load is over.
  private static Map<String, Double> page() throws IOException {
    String text =
        RawHttp.once(
                postern.adminPort(),
                RawHttp.get("/metrics", "Host: localhost", "Connection: close"))
            .body();
    return text.lines()
        .filter(line -> !line.startsWith("#"))
        .collect(
            Collectors.toMap(
                line -> line.substring(0, line.lastIndexOf(' ')),
                line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1))));
  }

  /// The series that are not zero, by panel and letter of the query. A panel of the second Postern
  /// is marked.
  private static Map<String, Map<String, Double>> expected() {
    double meanCheck = page.get("postern_check_duration_seconds_sum") / 10;
    double certificate =
        page.get("postern_certificate_expiry_timestamp_seconds{entrypoint=\"auths\"}");
    String it = "instance=127.0.0.1:" + postern.adminPort();
    String java = "version=" + Version.number();
    return Map.ofEntries(
        entry("Checks saved A", Map.of("", 9.0)),
        entry("Hit ratio A", Map.of("", 9.0 / 19)),
        entry("Time saved A", Map.of("", 9 * meanCheck)),
        entry("Requests a second A", Map.of("", 19 / RANGE)),
        entry(
            "Answers by where they came from A",
            Map.of("result=hit", 9 / RANGE, "result=miss", 10 / RANGE)),
        entry("Checks saved and made A", Map.of("", 9 / RANGE)),
        entry("Checks saved and made B", Map.of("", 10 / RANGE)),
        entry(
            "Verdicts A",
            Map.of(
                "verdict=allow", 11 / RANGE,
                "verdict=challenge", 5 / RANGE,
                "verdict=unavailable", 3 / RANGE)),
        entry("Requests by application A", Map.of("application=other", 19 / RANGE)),
        entry("Hit ratio by application A", Map.of("application=other", 9.0 / 19)),
        entry(
            "Challenges and refusals by application A",
            Map.of("application=other,verdict=challenge", 5 / RANGE)),
        entry("Logins limited A", Map.of()),
        entry("Hits A", Map.of("le=+Inf", 9.0)),
        entry("Misses A", Map.of("le=+Inf", 10.0)),
        entry("Checks without a verdict A", Map.of("kind=upstream_error", 3 / RANGE)),
        entry("Checks in flight A", Map.of()),
        entry("Checks in flight B", Map.of()),
        entry("Revocations A", Map.of("feed=admin", 1 / RANGE)),
        entry("Feeds A", Map.of()),
        entry("standby: Sources A", Map.of("instance=127.0.0.1:" + standby.port() + ",provider=file", 1.0)),
        entry("Messages of feeds A", Map.of()),
        entry("Allows not remembered A", Map.of()),
        entry("Entries gone A", Map.of("cause=ended", 1 / RANGE)),
        entry("Memory of entries A", Map.of(it, page.get("postern_cache_bytes"))),
        entry("Memory of entries B", Map.of("", (double) (64 << 20))),
        entry("Entries A", Map.of(it, 1.0)),
        entry("Memory of requests on their way A", Map.of()),
        entry("Memory of requests on their way B", Map.of("", (double) (64 << 20))),
        entry("Running A", Map.of(it + "," + java, 1.0)),
        entry("Up since A", Map.of(it, page.get("process_start_time_seconds") * 1000)),
        entry("Certificate expires A", Map.of(it, certificate * 1000)),
        entry("Log lines lost A", Map.of()),
        entry("standby: Log lines lost A", Map.of("", 7.0)));
  }

  /// Panels whose numbers nobody can know beforehand, and what they lie below.
  private static final Map<String, Double> BELOW =
      Map.of(
          "99th percentile A", 25.0,
          "Checks A", 25.0,
          "Checks B", 25.0,
          "Resident memory A", 4e9,
          "Resident memory B", 4e9);

  @Test
  void panels_allQueries_returnTheKnownNumbers() throws IOException {
    Map<String, String> queries = queries();
    Map<String, Map<String, Double>> expected = expected();
    Set<String> asked = new HashSet<>();
    for (Map.Entry<String, Map<String, Double>> panel : expected.entrySet()) {
      boolean isStandby = panel.getKey().startsWith("standby: ");
      String name = panel.getKey().replace("standby: ", "");
      asked.add(name);
      String query = queries.get(name);
      assertThat(query).as(name).isNotNull();
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
        assertThat(value)
            .as(panel + " " + labels)
            .isCloseTo(expected.getOrDefault(labels, 0.0), within(Math.abs(expected.getOrDefault(labels, 0.0)) * 1e-9));
      }
    });
  }

  @Test
  void variables_allQueries_nameWhatThereIs() throws IOException {
    JsonNode variables =
        new ObjectMapper().readTree(Files.readString(DASHBOARD)).path("templating").path("list");
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
            "job=postern", "job=standby", "instance=127.0.0.1:" + postern.adminPort(), "application=other");
  }

  @Test
  void alerts_allExpressions_fireWhereThereIsTroubleAndNowhereElse() throws IOException {
    String real = "instance=127.0.0.1:" + postern.adminPort() + ",job=postern";
    String second = "instance=127.0.0.1:" + standby.port() + ",job=standby";
    Map<String, Map<String, Double>> expected =
        Map.of(
            "PosternIdentityProviderFailing", Map.of("job=postern", 0.3),
            "PosternChecksRefused", Map.of(second, 6 / RANGE),
            "PosternFeedDown", Map.of("feed=websocket," + real, 0.0, "feed=websocket," + second, 0.0),
            "PosternHitRatioCollapsed", Map.of("job=standby", 100.0 / 2100),
            "PosternCacheNearBound", Map.of(second, 0.95),
            "PosternInFlightNearBound", Map.of(second, 0.9),
            "PosternLogLinesLost", Map.of(second, 7.0),
            "PosternCertificateExpiring", Map.of(),
            "PosternReloadFailed", Map.of(second + ",provider=file", 1.0));
    Map<String, String> alerts = alerts();
    assertThat(alerts.keySet()).isEqualTo(expected.keySet());
    for (Map.Entry<String, String> alert : alerts.entrySet()) {
      Map<String, Double> found = new TreeMap<>();
      for (String job : List.of("postern", "standby")) {
        prometheus.query(alert.getValue(), lastScrape(job)).stream()
            .filter(series -> series.path("metric").path("job").asString().equals(job))
            .forEach(series -> found.put(labels(series), value(series)));
      }
      assertThat(found.keySet()).as(alert.getKey()).isEqualTo(expected.get(alert.getKey()).keySet());
      found.forEach((labels, value) ->
          assertThat(value)
              .as(alert.getKey() + " " + labels)
              .isCloseTo(expected.get(alert.getKey()).getOrDefault(labels, -1.0), within(1e-9)));
    }
  }

  @Test
  void certificate_timeLeft_isThatOfTheCertificate() throws IOException {
    String left = alerts().getOrDefault("PosternCertificateExpiring", "").split(" < ", 2)[0];
    String time = lastScrape("postern");
    assertThat(prometheus.query(left, time)).singleElement().satisfies(series ->
        assertThat(value(series))
            .isCloseTo(
                page.get("postern_certificate_expiry_timestamp_seconds{entrypoint=\"auths\"}")
                    - Double.parseDouble(time),
                within(1e-3)));
  }

  @Test
  void rules_loadedByPrometheus_areWell() throws IOException {
    Await.until(
        "every rule has been evaluated",
        LIMIT,
        () -> rules().allMatch(rule -> rule.path("health").asString().equals("ok")));
    assertThat(rules()).hasSize(alerts().size());
  }

  private static java.util.stream.Stream<JsonNode> rules() throws IOException {
    return prometheus.api("/api/v1/rules").path("data").path("groups").path(0).path("rules")
        .valueStream();
  }

  private static Map<String, String> alerts() throws IOException {
    Map<String, String> alerts = new TreeMap<>();
    new YAMLMapper()
        .readTree(Files.readString(ALERTS))
        .path("groups")
        .path(0)
        .path("rules")
        .forEach(rule -> alerts.put(rule.path("alert").asString(), rule.path("expr").asString()));
    return alerts;
  }

  /// Each query of the dashboard by its panel's title and its letter.
  private static Map<String, String> queries() throws IOException {
    Map<String, String> queries = new TreeMap<>();
    for (JsonNode panel : new ObjectMapper().readTree(Files.readString(DASHBOARD)).path("panels")) {
      for (JsonNode target : panel.path("targets")) {
        queries.put(
            panel.path("title").asString() + " " + target.path("refId").asString(),
            target.path("expr").asString());
      }
    }
    return queries;
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
    prometheus.query(filled, lastScrape(job)).forEach(series -> found.put(labels(series), value(series)));
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
