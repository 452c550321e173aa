package dev.postern.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.app.Sidecar;
import dev.postern.app.StartException;
import dev.postern.config.FeedsConfig;
import dev.postern.config.Problem;
import dev.postern.config.Secret;
import dev.postern.config.tls.ClientTls;
import dev.postern.metrics.Meters;
import dev.postern.metrics.exposition.Format;
import dev.postern.net.Endpoint;
import dev.postern.routing.definition.Provider;
import dev.postern.routing.definition.ProviderState;
import dev.postern.testing.AdminApi;
import dev.postern.testing.PosternConfig;
import dev.postern.testing.RawHttp;
import dev.postern.testing.RawServer;
import dev.postern.testing.upstream.Fault;
import dev.postern.testing.upstream.Identity;
import dev.postern.testing.upstream.RecordingUpstream;
import dev.postern.verdict.CacheStatus;
import dev.postern.verdict.RevocationSource;
import dev.postern.verdict.Verdict;
import dev.postern.verdict.VerdictListener.Removal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/// A real Postern under a known load, and fake metrics of a second one with every problem.
final class KnownLoad implements AutoCloseable {
  private static final String HOST = "app.example.test";
  private static final String ALICE = "authentik_proxy_51a54282=alice-1";
  private static final String BOB = "authentik_proxy_51a54282=bob-1";

  private static final String RULES =
      """
      http:
        middlewares:
          postern:
            plugin:
              postern:
                applications:
                  portal: { kind: individual, rule: "Host(`app.example.test`)" }
      """;

  private final RecordingUpstream upstream = new RecordingUpstream();
  private final Meters troubled = new Meters("test");
  private final AtomicLong lost = new AtomicLong();
  private final RawServer standby;
  private final Sidecar postern;
  private Map<String, Double> page = Map.of();

  KnownLoad(Path directory) throws StartException, IOException {
    Path rules = Files.createDirectories(directory.resolve("rules"));
    Files.writeString(rules.resolve("rules.yml"), RULES);
    FeedsConfig.Websocket nobodyListens =
        new FeedsConfig.Websocket(
            Endpoint.of("http://127.0.0.1:1"),
            "6c0d3c62-0000-4000-8000-000000000001",
            new Secret("token"),
            ClientTls.STANDARD);
    postern =
        Sidecar.start(
            PosternConfig.of(upstream.url(), directory.resolve("state"))
                .rules(rules)
                .websocket(nobodyListens)
                .build());
    troubled.counter("postern.access.log.lost.lines", "Lost.", lost::get);
    troubled.gauge("postern.cache.bytes", "Used.", () -> 95);
    troubled.gauge("postern.cache.limit.bytes", "Bound.", () -> 100);
    troubled.gauge("postern.in.flight.bytes", "Used.", () -> 90);
    troubled.gauge("postern.in.flight.limit.bytes", "Bound.", () -> 100);
    troubled.feed(RevocationSource.WEBSOCKET).connected(false);
    troubled.attempted(
        ProviderState.untried(Provider.FILE).failed(List.of(new Problem("rules.yml", "is bad"))));
    standby = RawServer.start((_, connection) -> connection.write(standbyPage()));
  }

  int posternPort() {
    return postern.adminPort();
  }

  int standbyPort() {
    return standby.port();
  }

  /// 19 requests: 9 hits, 5 misses of which 3 fail, and 5 without a session, which are not cached
  /// and are redirected to the login; one revocation.
  void run() throws IOException {
    lost.set(7);
    troubled.removed(Removal.SIZE);
    for (int i = 0; i < 6; i++) {
      troubled.checkStarted();
      troubled.checkEnded(Verdict.Unavailable.because(Verdict.Fault.OVERLOAD), 1000);
    }
    for (int i = 0; i < 2000; i++) {
      troubled.answered("host-" + i, CacheStatus.MISS);
    }
    for (int i = 0; i < 100; i++) {
      troubled.answered("host", CacheStatus.HIT);
    }
    upstream.signIn(HOST, ALICE, Identity.of("alice", "app"));
    upstream.signIn(HOST, BOB, Identity.of("bob", "app"));
    ask(ALICE, 10, 200);
    ask("theme=dark", 5, 302);
    upstream.fail(Fault.UNAVAILABLE);
    ask(BOB, 3, 503);
    upstream.fail(Fault.NONE);
    assertThat(new AdminApi(postern.adminPort()).revoke("{\"all\":true}")).isEqualTo(1);
    ask(ALICE, 1, 200);
    page = read();
  }

  private void ask(String cookie, int times, int status) throws IOException {
    String request =
        RawHttp.get(
            RecordingUpstream.AUTH,
            "Host: postern",
            "X-Forwarded-Method: GET",
            "X-Forwarded-Proto: https",
            "X-Forwarded-Host: " + HOST,
            "X-Forwarded-Uri: /",
            "Cookie: " + cookie,
            "Connection: close");
    for (int i = 0; i < times; i++) {
      assertThat(RawHttp.once(postern.authPort(), request).status()).isEqualTo(status);
    }
  }

  private Map<String, Double> read() throws IOException {
    return RawHttp.once(
            postern.adminPort(), RawHttp.get("/metrics", "Host: localhost", "Connection: close"))
        .body()
        .lines()
        .filter(line -> !line.startsWith("#"))
        .collect(
            Collectors.toMap(
                line -> line.substring(0, line.lastIndexOf(' ')),
                line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1))));
  }

  /// The value of a series on Postern's metrics page after the load.
  double onPage(String series) {
    return page.getOrDefault(series, Double.NaN);
  }

  private String standbyPage() {
    String text = UTF_8.decode(troubled.exposition(Format.TEXT)).toString();
    return "HTTP/1.1 200 OK\r\nContent-Type: "
        + Format.TEXT.contentType()
        + "\r\nContent-Length: "
        + text.getBytes(UTF_8).length
        + "\r\n\r\n"
        + RawHttp.utf8(text);
  }

  @Override
  public void close() {
    postern.close();
    standby.close();
    troubled.close();
    upstream.close();
  }
}
