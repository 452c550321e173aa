package dev.postern.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.app.Sidecar;
import dev.postern.config.MetricsConfig;
import dev.postern.config.MetricsConfig.Groups;
import dev.postern.config.MetricsConfig.Prometheus;
import dev.postern.net.HeaderLine;
import dev.postern.testing.Await;
import dev.postern.testing.PosternConfig;
import dev.postern.testing.RawHttp;
import dev.postern.testing.RawMessage;
import dev.postern.testing.RawServer;
import dev.postern.testing.program.NeedsTraefik;
import dev.postern.testing.program.Traefik;
import dev.postern.testing.upstream.RecordingUpstream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Sends the same requests through real Traefik to a plain server, and as forward-auth requests of
/// that Traefik to Postern, and compares the metrics of both.
@NeedsTraefik
class MetricsDifferentialIT {
  private static final String METRICS =
      "metrics: { prometheus: { addRoutersLabels: true, headerLabels: { lang: Accept-Language } }"
          + " }";
  private static final Prometheus CONFIG =
      new Prometheus(
          "traefik",
          List.of(0.1, 0.3, 1.2, 5.0),
          new Groups(true, true, true),
          Map.of("lang", "Accept-Language"),
          MetricsConfig.EntryPoint.ADMIN,
          false);
  private static final Pattern SAMPLE = Pattern.compile("(\\w+?)(\\{.*})? (\\S+)");

  /// This Traefik has no TLS.
  private static final Set<String> OF_TLS = Set.of("traefik_tls_certs_not_after");

  /// The router and the service of [#dynamic] whose requests reach Postern.
  private static final String RULES =
      """
      http:
        routers:
          plain: { rule: "PathPrefix(`/`)", service: server }
        services:
          server: { loadBalancer: { servers: [{ url: "http://server" }] } }
      """;

  /// A request whose path ends in the expected status.
  private record SentRequest(String method, String target, List<HeaderLine> lines) {
    String wire() {
      List<String> all = new ArrayList<>(List.of("Host: app.example.test"));
      lines.forEach(line -> all.add(line.name() + ": " + line.value()));
      return RawHttp.request(method, target, all);
    }
  }

  private static final List<SentRequest> REQUESTS =
      List.of(
          sentRequest("GET", "/200"),
          sentRequest("GET", "/200"),
          sentRequest("GET", "/x/200?a=1/200", "Accept-Language", "de"),
          sentRequest("POST", "/201"),
          sentRequest("PUT", "/204"),
          sentRequest("PATCH", "/302"),
          sentRequest("DELETE", "/401", "Accept-Language", "fr, en"),
          sentRequest("HEAD", "/403"),
          sentRequest("OPTIONS", "/404"),
          sentRequest("TRACE", "/429"),
          sentRequest("PURGE", "/500"),
          sentRequest("get", "/503"),
          sentRequest("PROPFIND", "/207"),
          sentRequest("GET", "/200", "Accept", "text/html, text/event-stream"),
          sentRequest("GET", "/200", "Accept", "text/event-stream;q=1"),
          sentRequest("GET", "/200", "Content-Type", "application/grpc+proto"),
          sentRequest("GET", "/200", "Content-Type", "application/grpc-web"),
          sentRequest(
              "GET",
              "/400",
              "Connection",
              "keep-alive, Upgrade",
              "Upgrade",
              "websocket",
              "Sec-WebSocket-Version",
              "13",
              "Sec-WebSocket-Key",
              "dGhlIHNhbXBsZSBub25jZQ=="));

  @TempDir Path directory;

  private static SentRequest sentRequest(String method, String target, String... lines) {
    List<HeaderLine> headers = new ArrayList<>();
    for (int i = 0; i < lines.length; i += 2) {
      headers.add(new HeaderLine(lines[i], lines[i + 1]));
    }
    return new SentRequest(method, target, headers);
  }

  private static String dynamic(int posternPort, URI server) {
    return """
    http:
      routers:
        plain: { rule: "PathPrefix(`/`)", service: server, entryPoints: [plain] }
        guarded: { rule: "PathPrefix(`/`)", service: behind, entryPoints: [guarded], middlewares: [auth] }
      middlewares:
        auth: { forwardAuth: { address: "http://127.0.0.1:%d%s" } }
      services:
        server: { loadBalancer: { servers: [{ url: "%s" }] } }
        behind: { loadBalancer: { servers: [{ url: "%s" }] } }
    """
        .formatted(posternPort, RecordingUpstream.AUTH, server, server);
  }

  private static void answer(RawMessage request, RawServer.Connection connection)
      throws IOException {
    String uri = Objects.requireNonNullElse(request.first("X-Forwarded-Uri"), request.target());
    String status = uri.substring(uri.lastIndexOf('/') + 1);
    boolean isBodiless = request.method().equals("HEAD") || status.equals("204");
    connection.write(
        "HTTP/1.1 "
            + status
            + " S\r\n"
            + (isBodiless ? "" : "Content-Length: 5\r\n")
            + "\r\n"
            + (isBodiless ? "" : "12345"));
  }

  @Test
  void sameRequests_throughBoth_areMeasuredAlike() throws Exception {
    Path rules = Files.createDirectories(directory.resolve("rules"));
    Files.writeString(rules.resolve("rules.yml"), RULES);
    try (RawServer server = RawServer.start(MetricsDifferentialIT::answer);
        Sidecar postern =
            Sidecar.start(
                PosternConfig.of(server.url(), directory.resolve("state"))
                    .rules(rules)
                    .metrics(new MetricsConfig(CONFIG, false))
                    .build());
        Traefik traefik =
            Traefik.start(
                directory.resolve("traefik"),
                List.of("plain", "guarded"),
                dynamic(postern.authPort(), server.url()),
                METRICS)) {
      for (SentRequest asked : REQUESTS) {
        RawHttp.once(traefik.port("plain"), asked.wire());
        RawHttp.once(traefik.port("guarded"), asked.wire());
      }
      awaitAll(traefik.port("traefik"), "plain");
      awaitAll(postern.adminPort(), "auth");
      String theirs = page(traefik.port("traefik"));
      String ours = page(postern.adminPort());
      assertThat(series(ours, "traefik_entrypoint_", "auth"))
          .isEqualTo(series(theirs, "traefik_entrypoint_", "plain"));
      assertThat(series(ours, "traefik_router_", "plain@file"))
          .isEqualTo(series(theirs, "traefik_router_", "plain@file"));
      assertThat(allowed(series(ours, "traefik_service_", "server@file")))
          .isNotEmpty()
          .isEqualTo(allowed(series(theirs, "traefik_service_", "server@file")));
      assertTypes(types(theirs), types(ours));
      assertThat(ours)
          .contains("traefik_open_connections{entrypoint=\"auth\",protocol=\"TCP\"} ")
          .contains("traefik_config_reloads_total 1\n");
      assertThat(theirs)
          .contains("traefik_open_connections{entrypoint=\"plain\",protocol=\"TCP\"} ");
    }
  }

  /// Requests are counted after their response has been sent.
  private static void awaitAll(int port, String entryPoint) {
    Await.until(
        "every request is counted",
        Duration.ofSeconds(30),
        () ->
            page(port)
                    .lines()
                    .filter(line -> line.startsWith("traefik_entrypoint_requests_total"))
                    .filter(line -> line.contains("entrypoint=\"" + entryPoint + "\""))
                    .filter(line -> !isProbe(line))
                    .mapToInt(line -> Integer.parseInt(line.substring(line.lastIndexOf(' ') + 1)))
                    .sum()
                == REQUESTS.size());
  }

  /// Requests of the test while it waits for Traefik's start: GETs with status 404.
  private static boolean isProbe(String line) {
    return line.contains("code=\"404\"") && line.contains("method=\"GET\"");
  }

  private static String page(int port) throws IOException {
    return RawHttp.once(port, RawHttp.get("/metrics", "Host: localhost", "Connection: close"))
        .body();
  }

  /// The series of a group with their values, where these do not depend on time and size; only
  /// series of the given member are included, with its name replaced by a fixed one.
  private static Map<String, String> series(String page, String prefix, String member) {
    Map<String, String> series = new TreeMap<>();
    page.lines()
        .filter(line -> line.startsWith(prefix) && line.contains("=\"" + member + "\""))
        .filter(line -> !isProbe(line))
        .forEach(line -> {
          Matcher sample = SAMPLE.matcher(line);
          assertThat(sample.matches()).as(line).isTrue();
          boolean isCount =
              sample.group(1).endsWith("_requests_total") || sample.group(1).endsWith("_count");
          series.put(
              sample.group(1) + sample.group(2).replace("=\"" + member + "\"", "=\"MEMBER\""),
              isCount ? sample.group(3) : "");
        });
    assertThat(series).as(prefix).isNotEmpty();
    return series;
  }

  /// Traefik counts responses of the service; only requests that Postern allows can reach it.
  private static Map<String, String> allowed(Map<String, String> series) {
    series.keySet().removeIf(name -> !name.contains("code=\"2"));
    return series;
  }

  private static Map<String, String> types(String page) {
    Map<String, String> types = new TreeMap<>();
    page.lines()
        .filter(line -> line.startsWith("# TYPE traefik_"))
        .map(line -> line.split(" ", -1))
        .forEach(words -> types.put(words[2], words[3]));
    return types;
  }

  private static void assertTypes(Map<String, String> theirs, Map<String, String> ours) {
    assertThat(ours).containsAllEntriesOf(theirs);
    Set<String> more = new TreeSet<>(ours.keySet());
    more.removeAll(theirs.keySet());
    assertThat(more).as("families that this Traefik has no series of").isSubsetOf(OF_TLS);
  }
}
