package dev.postern.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.postern.app.Sidecar;
import dev.postern.app.StartException;
import dev.postern.config.AccessLogConfig;
import dev.postern.config.AccessLogConfig.Format;
import dev.postern.testing.AccessLogs;
import dev.postern.testing.Await;
import dev.postern.testing.Certificates;
import dev.postern.testing.PosternConfig;
import dev.postern.testing.RawHttp;
import dev.postern.testing.upstream.Fault;
import dev.postern.testing.upstream.Gate;
import dev.postern.testing.upstream.Identity;
import dev.postern.testing.upstream.RecordingUpstream;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The access log line for each kind of request, over real sockets.
class AccessLogTest {
  private static final String HOST = "app.example.test:8443";
  private static final String COOKIE = "authentik_proxy_0a1b2c3d=alice";

  @TempDir Path state;
  private final RecordingUpstream upstream = new RecordingUpstream();
  private Path log;
  private Sidecar postern;

  @BeforeEach
  void start() throws StartException {
    log = state.resolve("logs/access.log");
    postern =
        Sidecar.start(
            PosternConfig.of(upstream.url(), state)
                .accessLog(AccessLogs.of(Format.JSON, log, AccessLogs.USUAL))
                .build());
    upstream.signIn(HOST, COOKIE, Identity.of("alice", "app"));
  }

  @AfterEach
  void stop() {
    postern.close();
    upstream.close();
  }

  private static String check(String... more) {
    String lines =
        "Host: postern\r\nX-Forwarded-Method: POST\r\nX-Forwarded-Proto: wss\r\nX-Forwarded-Host: "
            + HOST
            + "\r\nX-Forwarded-Uri: /a%20b?q=1&r=<2>\r\nX-Forwarded-For: 192.0.2.7\r\n";
    return "GET "
        + RecordingUpstream.AUTH
        + " HTTP/1.1\r\n"
        + lines
        + String.join("", List.of(more).stream().map(line -> line + "\r\n").toList())
        + "\r\n";
  }

  /// The line of a request by its order of arrival, from 0.
  private Map<String, Object> line(int index) {
    return AccessLogs.await(log, index + 1).stream()
        .map(AccessLogs::parsed)
        .filter(line -> Integer.valueOf(index + 1).equals(line.get("RequestCount")))
        .findFirst()
        .orElseThrow();
  }

  private int ask(String request) throws IOException {
    return RawHttp.once(postern.authPort(), request).status();
  }

  @Test
  void miss_isTheForwardedRequestWithTheUpstreamAsItsService() throws IOException {
    assertThat(ask(check("Cookie: " + COOKIE, "User-Agent: Firefox \"140\""))).isEqualTo(200);
    assertThat(line(0))
        .contains(
            entry("Application", HOST),
            entry("CacheStatus", "miss"),
            entry("ClientHost", "192.0.2.7"),
            entry("ClientUsername", "alice"),
            entry("Decision", "allow"),
            entry("DownstreamContentSize", 0),
            entry("DownstreamStatus", 200),
            entry("OriginStatus", 200),
            entry("RequestAddr", HOST),
            entry("RequestCount", 1),
            entry("RequestHost", "app.example.test"),
            entry("RequestMethod", "POST"),
            entry("RequestPath", "/a%20b?q=1&r=<2>"),
            entry("RequestPort", "8443"),
            entry("RequestProtocol", "HTTP/1.1"),
            entry("RequestScheme", "https"),
            entry("ServiceAddr", upstream.url().getAuthority()),
            entry("ServiceURL", upstream.url().toString()),
            entry("entryPointName", "auth"),
            entry("level", "info"),
            entry("msg", ""),
            entry("request_User-Agent", "Firefox \"140\""))
        .doesNotContainKeys("RouterName", "ServiceName", "TLSVersion", "TraceId", "GzipRatio");
    assertThat((Integer) line(0).get("OriginDuration"))
        .isPositive()
        .isLessThanOrEqualTo((Integer) line(0).get("Duration"));
  }

  @Test
  void hit_hasNoServiceAndNothingFromTheOrigin() throws IOException {
    assertThat(ask(check("Cookie: " + COOKIE))).isEqualTo(200);
    assertThat(ask(check("Cookie: " + COOKIE))).isEqualTo(200);
    assertThat(line(1))
        .contains(
            entry("CacheStatus", "hit"),
            entry("ClientUsername", "alice"),
            entry("Decision", "allow"),
            entry("OriginContentSize", 0),
            entry("OriginDuration", 0),
            entry("OriginStatus", 0),
            entry("RequestCount", 2))
        .doesNotContainKeys("ServiceURL", "ServiceAddr");
    assertThat(line(1).get("Overhead")).isEqualTo(line(1).get("Duration"));
  }

  @Test
  void challenge_hasTheUpstreamsStatusAndNoUserName() throws IOException {
    assertThat(ask(check())).isEqualTo(302);
    assertThat(line(0))
        .contains(
            entry("CacheStatus", "bypass"),
            entry("ClientUsername", "-"),
            entry("Decision", "challenge"),
            entry("DownstreamStatus", 302),
            entry("OriginStatus", 302));
    assertThat(line(0).get("DownstreamContentSize")).isEqualTo(line(0).get("OriginContentSize"));
  }

  @Test
  void joined_hasWaitedWithoutACheckOfItsOwn() throws Exception {
    Gate gate = upstream.hold(check -> true);
    var first = asked(check("Cookie: " + COOKIE));
    gate.awaitHeld(1);
    long one = bytesInFlight();
    var second = asked(check("Cookie: " + COOKIE));
    Await.until("the second", Duration.ofSeconds(10), () -> bytesInFlight() > one);
    gate.close();
    assertThat(List.of(first.get(), second.get())).containsOnly(200);
    assertThat(List.of(line(0), line(1)))
        .extracting(line -> line.get("CacheStatus"))
        .containsExactlyInAnyOrder("miss", "joined");
    Map<String, Object> joined = "joined".equals(line(0).get("CacheStatus")) ? line(0) : line(1);
    assertThat(joined).containsEntry("OriginStatus", 0).doesNotContainKey("ServiceURL");
  }

  private CompletableFuture<Integer> asked(String request) {
    CompletableFuture<Integer> status = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            status.complete(ask(request));
          } catch (IOException e) {
            status.completeExceptionally(e);
          }
        });
    return status;
  }

  /// Memory of requests in flight, from the metrics; it shows whether another request has arrived.
  private long bytesInFlight() throws IOException {
    String metrics =
        RawHttp.once(
                postern.adminPort(),
                RawHttp.get("/metrics", "Host: localhost:" + postern.adminPort()))
            .body();
    return metrics
        .lines()
        .filter(line -> line.startsWith("postern_in_flight_bytes "))
        .mapToLong(line -> (long) Double.parseDouble(line.split(" ", 2)[1]))
        .sum();
  }

  @Test
  void upstreamThatFails_isUnavailableWithItsOwnStatus() throws IOException {
    upstream.fail(Fault.UNAVAILABLE);
    assertThat(ask(check("Cookie: " + COOKIE))).isEqualTo(503);
    upstream.server().refuse();
    assertThat(ask(check("Cookie: " + COOKIE))).isEqualTo(502);
    assertThat(line(0)).contains(entry("Decision", "unavailable"), entry("OriginStatus", 503));
    assertThat(line(1))
        .contains(entry("Decision", "unavailable"), entry("OriginStatus", 502))
        .containsKey("ServiceURL");
  }

  @Test
  void outpostPath_isAnOrdinaryRequest() throws IOException {
    String target = "/outpost.goauthentik.io/static/dist/a.css?v=1";
    int status =
        ask(
            RawHttp.get(
                target,
                "Host: app.example.test",
                "X-Forwarded-For: 192.0.2.7, 10.0.0.1",
                "X-Forwarded-Proto: https"));
    assertThat(status).isEqualTo(200);
    assertThat(line(0))
        .contains(
            entry("ClientHost", "192.0.2.7, 10.0.0.1"),
            entry("Decision", "outpost"),
            entry("RequestMethod", "GET"),
            entry("RequestPath", target),
            entry("RequestAddr", "app.example.test"),
            entry("RequestPort", "-"),
            entry("RequestScheme", "https"),
            entry("OriginStatus", 200))
        .doesNotContainKeys("Application", "CacheStatus");
    assertThat(line(0).get("DownstreamContentSize")).isEqualTo(line(0).get("OriginContentSize"));
    assertThat((Integer) line(0).get("DownstreamContentSize")).isPositive();
  }

  @Test
  void whatPosternRefuses_isLoggedAsItself() throws IOException {
    assertThat(ask(RawHttp.get("/other", "Host: a.test"))).isEqualTo(404);
    assertThat(ask(RawHttp.get(RecordingUpstream.AUTH, "Host: a.test"))).isEqualTo(404);
    assertThat(line(0))
        .contains(
            entry("ClientHost", "127.0.0.1"),
            entry("Decision", "refused"),
            entry("DownstreamStatus", 404),
            entry("DownstreamContentSize", 11),
            entry("GzipRatio", 0),
            entry("RequestPath", "/other"))
        .doesNotContainKeys("ServiceURL", "Application");
    assertThat(line(1)).containsEntry("RequestPath", RecordingUpstream.AUTH);
  }

  @Test
  void body_ofACheck_isCounted() throws IOException {
    String head = check("Cookie: " + COOKIE, "Content-Length: 11");
    assertThat(ask(head + "hello world")).isEqualTo(200);
    assertThat(line(0))
        .contains(
            entry("CacheStatus", "bypass"),
            entry("Decision", "allow"),
            entry("ClientUsername", "alice"),
            entry("RequestContentSize", 11));
  }

  @Test
  void traceparent_reachesTheUpstreamAndTheLog() throws IOException {
    String trace = "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    assertThat(ask(check("Cookie: " + COOKIE, trace, "tracestate: a=1,b=2"))).isEqualTo(200);
    assertThat(upstream.checks().getFirst().request().first("traceparent"))
        .isEqualTo("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    assertThat(upstream.checks().getFirst().request().first("tracestate")).isEqualTo("a=1,b=2");
    assertThat(line(0))
        .contains(
            entry("TraceId", "0af7651916cd43dd8448eb211c80319c"),
            entry("trace_id", "0af7651916cd43dd8448eb211c80319c"),
            entry("SpanId", "b7ad6b7169203331"),
            entry("span_id", "b7ad6b7169203331"));
  }

  @Test
  void overTls_versionAndCipherStandInTheLog() throws Exception {
    try (HttpClient client =
        HttpClient.newBuilder().sslContext(Certificates.trustingAll()).build()) {
      HttpRequest request =
          HttpRequest.newBuilder(
                  URI.create(
                      "https://localhost:" + postern.authsPort() + "/outpost.goauthentik.io/ping"))
              .build();
      assertThat(client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
          .isEqualTo(204);
    }
    assertThat(line(0))
        .contains(
            entry("RequestProtocol", "HTTP/2.0"),
            entry("RequestScheme", "https"),
            entry("TLSVersion", "1.3"),
            entry("entryPointName", "auths"));
    assertThat((String) line(0).get("TLSCipher")).startsWith("TLS_");
  }

  /// Over HTTP/2 a client cancels a request by resetting its stream.
  @Test
  void clientThatGoesAway_isLoggedOnce() throws Exception {
    Gate gate = upstream.hold(check -> true);
    try (HttpClient client =
        HttpClient.newBuilder().sslContext(Certificates.trustingAll()).build()) {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(
              URI.create("https://localhost:" + postern.authsPort() + RecordingUpstream.AUTH));
      request.header("X-Forwarded-Method", "GET").header("X-Forwarded-Uri", "/gone");
      request.header("X-Forwarded-Host", HOST).header("X-Forwarded-Proto", "https");
      request.header("Cookie", COOKIE);
      var answer = client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString());
      gate.awaitHeld(1);
      assertThat(answer.cancel(true)).isTrue();
    }
    gate.close();
    assertThat(line(0)).contains(entry("RequestPath", "/gone"), entry("DownstreamContentSize", 0));
    assertThat(ask(check("Cookie: " + COOKIE))).isEqualTo(200);
    assertThat(line(1)).containsEntry("RequestCount", 2);
    assertThat(AccessLogs.await(log, 2)).hasSize(2);
  }

  @Test
  void internals_withoutAddInternals_areNotLogged() throws IOException {
    RawHttp.once(
        postern.adminPort(), RawHttp.get("/ping", "Host: localhost:" + postern.adminPort()));
    assertThat(ask(RawHttp.get("/other", "Host: a.test"))).isEqualTo(404);
    assertThat(AccessLogs.await(log, 1)).singleElement().asString().contains("/other");
  }

  @Test
  void internals_withAddInternals_haveTraefiksNames() throws Exception {
    Path file = state.resolve("internals.log");
    AccessLogConfig all = AccessLogs.of(Format.JSON, file, AccessLogs.USUAL);
    AccessLogConfig config =
        new AccessLogConfig(
            file,
            Format.JSON,
            all.filters(),
            all.fields(),
            0,
            AccessLogConfig.BufferingPolicy.DROP,
            true);
    try (Sidecar second =
        Sidecar.start(PosternConfig.of(upstream.url(), state).accessLog(config).build())) {
      RawHttp.once(
          second.adminPort(), RawHttp.get("/ping", "Host: localhost:" + second.adminPort()));
    }
    assertThat(AccessLogs.parsed(AccessLogs.await(file, 1).getFirst()))
        .contains(
            entry("Decision", "internal"),
            entry("DownstreamContentSize", 2),
            entry("DownstreamStatus", 200),
            entry("RouterName", "ping@internal"),
            entry("entryPointName", "admin"));
  }

  /// Opening a FIFO without a reader blocks forever, like a disk that hangs.
  @Test
  void fileThatHangs_holdsUpNoRequest() throws Exception {
    Path fifo = state.resolve("fifo");
    assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor()).isZero();
    AccessLogConfig config =
        AccessLogs.of(
            Format.JSON, fifo, AccessLogs.USUAL, 16, AccessLogConfig.BufferingPolicy.DROP);
    try (Sidecar second =
            Sidecar.start(PosternConfig.of(upstream.url(), state).accessLog(config).build());
        RawHttp http = RawHttp.connect(second.authPort())) {
      for (int i = 0; i < 200; i++) {
        assertThat(http.exchange(check("Cookie: " + COOKIE)).status()).isEqualTo(200);
      }
      try (BufferedReader reader = Files.newBufferedReader(fifo)) {
        for (int i = 1; i <= 16; i++) {
          assertThat(AccessLogs.parsed(reader.readLine())).containsEntry("RequestCount", i);
        }
        assertThat(http.exchange(check("Cookie: " + COOKIE)).status()).isEqualTo(200);
        // The line of the previous request may have been queued when there was room again.
        Object count = AccessLogs.parsed(reader.readLine()).get("RequestCount");
        if (Integer.valueOf(200).equals(count)) {
          count = AccessLogs.parsed(reader.readLine()).get("RequestCount");
        }
        assertThat(count).isEqualTo(201);
      }
    }
  }
}
