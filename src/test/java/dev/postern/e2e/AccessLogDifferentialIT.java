package dev.postern.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.app.Sidecar;
import dev.postern.config.AccessLogConfig;
import dev.postern.config.AccessLogConfig.Format;
import dev.postern.testing.AccessLogs;
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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Sends the same requests through real Traefik to a plain server, and as forward-auth requests of
/// that Traefik to Postern, and compares both access logs line by line.
@NeedsTraefik
class AccessLogDifferentialIT {
  private static String dynamic(int posternPort, URI server) {
    return """
    http:
      routers:
        plain: { rule: "PathPrefix(`/`)", service: server, entryPoints: [plain] }
        guarded: { rule: "PathPrefix(`/`)", service: server, entryPoints: [guarded], middlewares: [auth] }
      middlewares:
        auth: { forwardAuth: { address: "http://127.0.0.1:%d%s" } }
      services:
        server: { loadBalancer: { servers: [{ url: "%s" }] } }
    """
        .formatted(posternPort, RecordingUpstream.AUTH, server);
  }

  /// The router in Traefik's log; Postern gets the requests of the protected router.
  private Path rules(URI server) throws IOException {
    Path rules = Files.createDirectory(directory.resolve("rules"));
    Files.writeString(
        rules.resolve("plain.yml"),
        """
        http:
          routers:
            plain: { rule: "PathPrefix(`/`)", service: server, entryPoints: [guarded] }
          services:
            server: { loadBalancer: { servers: [{ url: "%s" }] } }
        """
            .formatted(server));
    return rules;
  }

  private static String accessLog(Path file, String format) {
    return """
    accessLog:
      filePath: "%s"
      format: %s
      fields: { headers: { defaultMode: drop, names: { User-Agent: keep, Referer: keep, Accept: keep, X-List: keep, Authorization: redact, Content-Type: keep } } }
    """
        .formatted(file, format);
  }

  /// The requests; the last path segment is the status.
  private static final List<String> REQUESTS =
      List.of(
          request("GET", "/200"),
          request("GET", "/a/b%20c/200?x=1&y=<2>&z=\"q\"", "User-Agent: Mozilla/5.0 (\"q\")"),
          request("GET", "/201", "Referer: https://a.test/?q=\"1\""),
          request("GET", "/302", "User-Agent: a\\b"),
          request("GET", "/401", "Accept: text/html", "Authorization: Basic dTpw"),
          request("GET", "/403", "X-List: one", "X-List: two"),
          request("HEAD", "/404"),
          request("GET", "/429"),
          request("GET", "/500"),
          request("DELETE", "/503", "User-Agent: caf\u00c3\u00a9 \u00ff <b>&"),
          request("GET", "/umlaut-\u00c3\u00a4/200"));

  /// Values that differ between any two requests, connections or processes.
  private static final Set<String> VARIABLE =
      Set.of(
          "ClientAddr",
          "ClientPort",
          "Duration",
          "OriginDuration",
          "Overhead",
          "RequestAddr",
          "RequestCount",
          "RequestPort",
          "ServiceAddr",
          "ServiceURL",
          "StartLocal",
          "StartUTC",
          "entryPointName",
          "time");

  /// Fields that only Postern has.
  private static final Set<String> OWN = Set.of("Application", "CacheStatus", "Decision");

  @TempDir Path directory;

  private static String request(String method, String target, String... more) {
    List<String> lines = new ArrayList<>(List.of("Host: app.example.test"));
    lines.addAll(Arrays.asList(more));
    if (Arrays.stream(more).noneMatch(line -> line.startsWith("User-Agent"))) {
      lines.add("User-Agent: Firefox");
    }
    return RawHttp.request(method, target, lines);
  }

  /// Responds with the status at the end of the path, and with a body.
  private static void answer(RawMessage request, RawServer.Connection connection)
      throws IOException {
    String uri = Objects.requireNonNullElse(request.first("X-Forwarded-Uri"), request.target());
    String method = Objects.requireNonNullElse(request.first("X-Forwarded-Method"), "");
    String path = uri.contains("?") ? uri.substring(0, uri.indexOf('?')) : uri;
    String status = path.substring(path.lastIndexOf('/') + 1);
    String body = method.equals("HEAD") || request.method().equals("HEAD") ? "" : "12345";
    connection.write(
        "HTTP/1.1 "
            + status
            + " S\r\nContent-Type: text/plain\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n"
            + body);
  }

  @ParameterizedTest
  @EnumSource(Format.class)
  void sameRequests_throughBoth_areLoggedAlike(Format format) throws Exception {
    Path theirs = directory.resolve("traefik-access.log");
    Path ours = directory.resolve("postern-access.log");
    String name =
        format == Format.GENERIC_CLF ? "genericCLF" : format.name().toLowerCase(Locale.ROOT);
    try (RawServer server = RawServer.start(AccessLogDifferentialIT::answer);
        Sidecar postern =
            Sidecar.start(
                PosternConfig.of(server.url(), directory.resolve("state"))
                    .accessLog(AccessLogs.of(format, ours, fields()))
                    .rules(rules(server.url()))
                    .build());
        Traefik traefik =
            Traefik.start(
                directory.resolve("traefik"),
                List.of("plain", "guarded"),
                dynamic(postern.authPort(), server.url()),
                accessLog(theirs, name))) {
      for (String request : REQUESTS) {
        RawHttp.once(traefik.port("plain"), request);
      }
      for (String request : REQUESTS) {
        RawHttp.once(traefik.port("guarded"), request);
      }
      compare(
          format,
          plainLines(AccessLogs.await(theirs, 2 * REQUESTS.size())),
          AccessLogs.await(ours, REQUESTS.size()));
    }
  }

  private static AccessLogConfig.Fields fields() {
    return new AccessLogConfig.Fields(
        AccessLogConfig.Mode.KEEP,
        Map.of(),
        new AccessLogConfig.HeaderModes(
            AccessLogConfig.Mode.DROP,
            Map.of(
                "user-agent", AccessLogConfig.Mode.KEEP,
                "referer", AccessLogConfig.Mode.KEEP,
                "accept", AccessLogConfig.Mode.KEEP,
                "x-list", AccessLogConfig.Mode.KEEP,
                "content-type", AccessLogConfig.Mode.KEEP,
                "authorization", AccessLogConfig.Mode.REDACT)),
        true);
  }

  /// The first request of each pair, without the protected one.
  private static List<String> plainLines(List<String> lines) {
    return lines.stream()
        .filter(line -> !line.contains("kit-ready"))
        .limit(REQUESTS.size())
        .toList();
  }

  private static void compare(Format format, List<String> theirs, List<String> ours) {
    assertThat(ours).hasSameSizeAs(theirs);
    for (int i = 0; i < theirs.size(); i++) {
      if (format == Format.JSON) {
        compareJson(theirs.get(i), ours.get(i));
      } else {
        assertThat(normalised(ours.get(i))).isEqualTo(normalised(theirs.get(i)));
      }
    }
  }

  private static void compareJson(String theirs, String ours) {
    Map<String, Object> their = new TreeMap<>(AccessLogs.parsed(theirs));
    Map<String, Object> our = new TreeMap<>(AccessLogs.parsed(ours));
    Set<String> expected = new TreeSet<>(their.keySet());
    expected.addAll(OWN);
    assertThat(our.keySet()).isEqualTo(expected);
    our.keySet().removeAll(OWN);
    VARIABLE.forEach(name -> assertThat(our.get(name)).hasSameClassAs(their.get(name)));
    their.keySet().removeAll(VARIABLE);
    our.keySet().removeAll(VARIABLE);
    assertThat(our).isEqualTo(their);
    // Compares key order, escapes and spaces byte for byte.
    assertThat(withoutValues(ours, OWN)).isEqualTo(withoutValues(theirs, Set.of()));
  }

  private static String withoutValues(String line, Set<String> dropped) {
    String text = line;
    for (String name : dropped) {
      text = text.replaceFirst("\"" + name + "\":\"[^\"]*\",", "");
    }
    for (String name : VARIABLE) {
      text = text.replaceFirst("\"" + name + "\":(\"[^\"]*\"|\\d+)", "\"" + name + "\":…");
    }
    return text;
  }

  private static String normalised(String line) {
    return line.replaceFirst("\\[[^]]+]", "[time]")
        .replaceFirst(
            " \\d+ \"plain@file\" \"http://127.0.0.1:\\d+\" \\d+ms$",
            " count router service duration");
  }
}
