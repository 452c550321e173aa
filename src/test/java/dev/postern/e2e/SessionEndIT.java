package dev.postern.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.app.Sidecar;
import dev.postern.app.StartException;
import dev.postern.config.FeedsConfig.Websocket;
import dev.postern.config.Secret;
import dev.postern.config.tls.ClientTls;
import dev.postern.demo.core.DemoApplication;
import dev.postern.demo.core.DemoUser;
import dev.postern.demo.idp.DemoIdentityProvider;
import dev.postern.demo.idp.Journal;
import dev.postern.net.Endpoint;
import dev.postern.testing.Await;
import dev.postern.testing.EchoBackend;
import dev.postern.testing.PosternConfig;
import dev.postern.testing.RawHttp;
import dev.postern.testing.program.NeedsTraefik;
import dev.postern.testing.program.Traefik;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Sessions that end at the identity provider while 64 clients use them through real Traefik.
///
/// No assertion depends on a clock. Once the feed has received a session end, later requests of
/// that session must never be allowed. The measured times are only printed.
@NeedsTraefik
class SessionEndIT {
  private static final int CLIENTS = 64;
  private static final int SESSIONS = Integer.getInteger("postern.sessions", 1000);
  private static final int BURST = 10;
  private static final String HOST = "app.example.test";
  private static final String ID = "6c0d3c62-0000-4000-8000-000000000001";
  private static final Duration LIMIT = Duration.ofMinutes(2);

  /// One session. Times are nanoseconds; each field has one writer.
  private static final class Session {
    final String cookie;
    volatile long endedAt;
    volatile boolean endReceived;
    volatile long lastAllowedSentAt;
    volatile long refusedAt;
    final AtomicInteger refusals = new AtomicInteger();

    Session(String cookie) {
      this.cookie = cookie;
    }

    String digest() {
      return Journal.digest(cookie.substring(cookie.indexOf('=') + 1));
    }
  }

  @TempDir Path directory;
  private final EchoBackend backend = new EchoBackend();
  private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
  private final DemoIdentityProvider provider =
      DemoIdentityProvider.builder()
          .outpost(ID, "outpost-token")
          .application(DemoApplication.individual("app", "https://" + HOST))
          .user(DemoUser.of("alice", "pw", "Alice", "a@example.test", List.of()))
          .start();
  private final AtomicLong requests = new AtomicLong();
  private final AtomicLong lateAllows = new AtomicLong();

  @AfterEach
  void stop() {
    clients.close();
    backend.close();
    provider.close();
  }

  private Sidecar postern() throws StartException {
    URI url = URI.create("http://127.0.0.1:" + provider.address().getPort());
    return Sidecar.start(
        PosternConfig.of(url, directory.resolve("state"))
            .websocket(
                new Websocket(
                    Endpoint.of(url.toString()),
                    ID,
                    new Secret("outpost-token"),
                    ClientTls.STANDARD))
            .build());
  }

  private Traefik traefik(Sidecar postern) {
    return Traefik.start(
        directory.resolve("traefik"),
        List.of("web"),
        """
        http:
          middlewares:
            auth:
              forwardAuth:
                address: "https://127.0.0.1:%d/outpost.goauthentik.io/auth/traefik"
                authResponseHeaders: [X-authentik-username, X-authentik-uid]
                tls: { insecureSkipVerify: true }
          routers:
            app: { rule: "Host(`%s`)", middlewares: [auth], service: app }
          services:
            app: { loadBalancer: { servers: [{ url: "%s" }] } }
        """
            .formatted(postern.authsPort(), HOST, backend.url()));
  }

  private static String get(int port, String path) throws IOException {
    return RawHttp.once(port, RawHttp.get(path, "Host: localhost", "Connection: close")).body();
  }

  private static boolean isConnected(Sidecar postern) throws IOException {
    return get(postern.adminPort(), "/api/feeds").contains("\"state\":\"connected\"");
  }

  private static long receivedEnds(Sidecar postern) throws IOException {
    return get(postern.adminPort(), "/metrics")
        .lines()
        .filter(line -> line.startsWith("postern_feed_events_total{"))
        .filter(line -> line.contains("kind=\"session_end\""))
        .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }

  @Test
  void sessions_endedUnderLoad_areNeverAllowedAfterTheFeedReceivedTheEnd() throws Exception {
    try (Sidecar postern = postern();
        Traefik traefik = traefik(postern)) {
      Await.until("the feed is connected", LIMIT, () -> isConnected(postern));
      List<Session> ended = sessions(SESSIONS);
      List<Session> staying = sessions(CLIENTS);
      List<Future<Void>> running = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        List<Session> own = new ArrayList<>(List.of(staying.get(i)));
        for (int j = i; j < ended.size(); j += CLIENTS) {
          own.add(ended.get(j));
        }
        running.add(
            clients.submit(() -> {
              use(traefik.port("web"), own);
              return null;
            }));
      }
      Await.until(
          "every session is in use",
          LIMIT,
          () -> ended.stream().allMatch(session -> session.lastAllowedSentAt != 0));

      endAll(postern, ended);
      for (Future<Void> client : running) {
        client.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
      }

      assertThat(lateAllows.get())
          .as("allows to requests sent after the feed received the end")
          .isZero();
      assertThat(staying).allSatisfy(session -> assertThat(session.refusals).hasValue(0));
      assertNoLateCheckInTheJournal(ended);
      print(ended);
    }
  }

  private List<Session> sessions(int count) {
    List<Session> sessions = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      sessions.add(new Session(provider.login(HOST, "alice", "pw")));
    }
    return sessions;
  }

  /// Uses sessions in turn, the first one until all others were denied three times.
  private void use(int port, List<Session> own) throws IOException {
    List<Session> left = new ArrayList<>(own);
    try (RawHttp http = RawHttp.connect(port)) {
      while (left.size() > 1) {
        left.removeIf(session -> session.refusals.get() >= 3);
        for (Session session : left) {
          boolean endReceived = session.endReceived;
          boolean refused = session.refusals.get() > 0;
          long sent = System.nanoTime();
          int status =
              http.exchange(RawHttp.get("/page", "Host: " + HOST, "Cookie: " + session.cookie))
                  .status();
          requests.incrementAndGet();
          if (status == 200) {
            session.lastAllowedSentAt = sent;
            if (endReceived || refused) {
              lateAllows.incrementAndGet();
            }
          } else {
            assertThat(status).isEqualTo(302);
            session.refusedAt = refused ? session.refusedAt : System.nanoTime();
            session.refusals.incrementAndGet();
          }
        }
      }
    }
  }

  /// Ends sessions in bursts, each as soon as the feed has received the previous one.
  private void endAll(Sidecar postern, List<Session> sessions) {
    Map<String, String> sids = new HashMap<>();
    provider.journal().checks().forEach(check -> sids.put(check.cookie(), check.sid()));
    for (int from = 0; from < sessions.size(); from += BURST) {
      List<Session> burst = sessions.subList(from, Math.min(from + BURST, sessions.size()));
      for (Session session : burst) {
        session.endedAt = System.nanoTime();
        assertThat(provider.endSession(Objects.requireNonNull(sids.get(session.digest())))).isOne();
      }
      int expected = from + burst.size();
      Await.until("session ends received", LIMIT, () -> receivedEnds(postern) >= expected);
      burst.forEach(session -> session.endReceived = true);
    }
  }

  private void assertNoLateCheckInTheJournal(List<Session> ended) {
    Map<String, Long> revokedAt = new HashMap<>();
    provider
        .journal()
        .revocations()
        .forEach(revocation -> revokedAt.put(revocation.value(), revocation.sequence()));
    Map<String, Session> byDigest = new HashMap<>();
    ended.forEach(session -> byDigest.put(session.digest(), session));
    assertThat(provider.journal().checks())
        .filteredOn(check -> check.identity() && byDigest.containsKey(check.cookie()))
        .isNotEmpty()
        .allSatisfy(check ->
            assertThat(check.began())
                .isLessThan(revokedAt.getOrDefault(check.sid(), Long.MAX_VALUE)));
  }

  private void print(List<Session> ended) {
    figure(
        "%,d sessions ended under %d clients, %,d requests, %,d checks"
            .formatted(ended.size(), CLIENTS, requests.get(), provider.journal().checkCount()));
    print(
        "last request that was allowed, sent after the frame",
        ended.stream().map(s -> s.lastAllowedSentAt - s.endedAt));
    print(
        "first refusal after the frame, clients asking in turns",
        ended.stream().map(s -> s.refusedAt - s.endedAt));
  }

  private static void print(String what, java.util.stream.Stream<Long> nanos) {
    List<Double> sorted = nanos.map(n -> Math.max(0, n) / 1e6).sorted().toList();
    figure(
        "%s: p50 %.1f ms, p90 %.1f ms, p99 %.1f ms, max %.1f ms"
            .formatted(what, at(sorted, 0.5), at(sorted, 0.9), at(sorted, 0.99), sorted.getLast()));
  }

  private static void figure(String text) {
    System.getLogger("figures").log(System.Logger.Level.INFO, "figure: " + text);
  }

  private static double at(List<Double> sorted, double share) {
    return sorted.get((int) (share * (sorted.size() - 1)));
  }
}
