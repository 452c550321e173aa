package dev.postern.overload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.app.Sidecar;
import dev.postern.app.StartException;
import dev.postern.testing.Await;
import dev.postern.testing.PosternConfig;
import dev.postern.testing.RawHttp;
import dev.postern.testing.RawMessage;
import dev.postern.testing.upstream.Fault;
import dev.postern.testing.upstream.Gate;
import dev.postern.testing.upstream.Identity;
import dev.postern.testing.upstream.RecordingUpstream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Overload of Postern or the upstream: requests with a session are still served, others get
/// Retry-After, and Postern recovers by itself.
class OverloadTest {
  private static final int PLACES = 8;
  private static final int QUEUE = 16;
  private static final String ALICE = "authentik_proxy_0a1b2c3d=alice";
  private static final String BOB = "authentik_proxy_0a1b2c3d=bob";
  private static final String HOME = "192.0.2.1";

  @TempDir Path state;
  private final RecordingUpstream upstream = new RecordingUpstream();
  private Sidecar postern;

  @BeforeEach
  void start() throws StartException {
    postern =
        Sidecar.start(
            PosternConfig.of(upstream.url(), state)
                .capacity(PLACES, QUEUE)
                .timeout(Duration.ofSeconds(20))
                .build());
    upstream.signIn(Flood.HOST, ALICE, Identity.of("alice", "app"));
    upstream.signIn(Flood.HOST, BOB, Identity.of("bob", "app"));
  }

  @AfterEach
  void stop() {
    postern.close();
    upstream.close();
  }

  private RawMessage ask(String client, String cookie) throws IOException {
    return RawHttp.once(postern.authPort(), Flood.check(client, cookie));
  }

  private void assertHit(String cookie) throws IOException {
    RawMessage answer = ask(HOME, cookie);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.first("X-Postern-Cache")).isEqualTo("hit");
  }

  private static CompletableFuture<List<RawMessage>> later(
      Sidecar postern, int count, Flood.Request request) {
    CompletableFuture<List<RawMessage>> answers = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            answers.complete(Flood.send(postern.authPort(), count, count, request));
          } catch (Exception e) {
            answers.completeExceptionally(e);
          }
        });
    return answers;
  }

  @Test
  void tenTimesTheCapacity_isRefusedWithRetryAfterWhileSessionsAreServed() throws Exception {
    int capacity = PLACES + QUEUE;
    assertThat(ask(HOME, ALICE).status()).isEqualTo(200);
    try (Gate gate = upstream.hold(check -> !check.cookies().contains(BOB))) {
      var flood =
          later(
              postern,
              10 * capacity,
              number -> Flood.check(Flood.address(number), Flood.invented(number)));
      gate.awaitHeld(PLACES);
      Await.until(
          "the queue is full",
          Duration.ofSeconds(30),
          () -> Resources.gauge(postern, "postern_checks_queued") == QUEUE);
      for (int i = 0; i < 50; i++) {
        assertHit(ALICE);
      }
      gate.open();
      List<RawMessage> answers = flood.get();
      assertThat(answers).hasSize(10 * capacity);
      assertThat(answers).filteredOn(a -> a.status() == 302).hasSizeGreaterThanOrEqualTo(capacity);
      assertThat(answers)
          .filteredOn(a -> a.status() != 302)
          .isNotEmpty()
          .allMatch(a -> a.status() == 503)
          .allMatch(a -> "1".equals(a.first("Retry-After")));
    }
    assertThat(ask(HOME, BOB).status()).isEqualTo(200);
    Resources.awaitIdle(postern);
  }

  @Test
  void hungUpstream_doesNotDelayHits() throws Exception {
    assertThat(ask(HOME, ALICE).status()).isEqualTo(200);
    upstream.fail(Fault.HANG);
    var flood =
        later(postern, 100, number -> Flood.check(Flood.address(number), Flood.invented(number)));
    Await.until(
        "everything hangs",
        Duration.ofSeconds(30),
        () -> Resources.gauge(postern, "postern_checks_queued") == QUEUE);
    for (int i = 0; i < 50; i++) {
      assertHit(ALICE);
    }
    upstream.fail(Fault.NONE);
    assertThat(flood.get()).allMatch(answer -> List.of(302, 502, 503).contains(answer.status()));
    Await.until("a verdict again", Duration.ofSeconds(30), () -> ask(HOME, BOB).status() == 200);
    Resources.awaitIdle(postern);
  }

  /// Invariant 9: one client gets at most a quarter of the places and of the queue.
  @Test
  void oneClient_neverHoldsMoreThanAQuarter() throws Exception {
    String attacker = "203.0.113.66";
    try (Gate gate = upstream.hold(check -> attacker.equals(client(check.request())))) {
      var flood = later(postern, 100, number -> Flood.check(attacker, Flood.invented(number)));
      gate.awaitHeld(PLACES / 4);
      Await.until(
          "its share of the queue is full",
          Duration.ofSeconds(30),
          () -> Resources.gauge(postern, "postern_checks_queued") == QUEUE / 4);
      for (int i = 0; i < 50; i++) {
        assertThat(ask(Flood.address(i), Flood.invented(1000 + i)).status()).isEqualTo(302);
      }
      assertThat(gate.held()).isEqualTo(PLACES / 4);
      assertThat(ask(attacker, BOB).status()).as("its own next request").isEqualTo(503);
      gate.open();
      assertThat(flood.get()).allMatch(answer -> List.of(302, 503).contains(answer.status()));
    }
    Resources.awaitIdle(postern);
  }

  /// Invariants 9 and 12: the same for the bytes, with few large requests.
  @Test
  void oneClient_thatFillsItsShareOfTheBytes_failsAlone() throws Exception {
    try (Sidecar small =
        Sidecar.start(PosternConfig.of(upstream.url(), state).maxInFlight(8 << 20).build())) {
      List<RawHttp> held = new ArrayList<>();
      try {
        RawMessage refused = fill(small, held);
        assertThat(held).hasSize(2);
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.first("Retry-After")).isEqualTo("1");
        assertThat(refused.body()).startsWith("The requests of your address in progress");
        assertThat(RawHttp.once(small.authPort(), Flood.check(HOME, BOB)).status()).isEqualTo(200);
        assertThat(RawHttp.once(small.authPort(), Flood.check(HOME, BOB)).first("X-Postern-Cache"))
            .isEqualTo("hit");
      } finally {
        for (RawHttp http : held) {
          http.close();
        }
      }
      Resources.awaitIdle(small);
    }
  }

  /// The same for the memory of the entry points, if `upstream.maxInFlightSize` allows more.
  @Test
  void oneClient_thatFillsItsShareOfTheMemory_failsAlone() throws Exception {
    try (Sidecar wide =
        Sidecar.start(PosternConfig.of(upstream.url(), state).maxInFlight(2L << 30).build())) {
      List<RawHttp> held = new ArrayList<>();
      try {
        RawMessage refused = fill(wide, held);
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.first("Retry-After")).isEqualTo("1");
        assertThat(refused.body()).startsWith("The requests of your address hold its share");
        assertThat(RawHttp.once(wide.authPort(), Flood.check(HOME, BOB)).status()).isEqualTo(200);
        String large = "Cookie: x=" + "v".repeat(960_000);
        RawMessage check =
            RawHttp.once(
                wide.authPort(),
                Flood.check("203.0.113.66", "").replace("Cookie: theme", large + "; theme"));
        assertThat(check.body()).startsWith("The requests of your address hold its share");
      } finally {
        for (RawHttp http : held) {
          http.close();
        }
      }
      Resources.awaitIdle(wide);
    }
  }

  private static CompletableFuture<RawMessage> responseOf(RawHttp http) {
    CompletableFuture<RawMessage> response = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            response.complete(http.read());
          } catch (IOException e) {
            response.completeExceptionally(e);
          }
        });
    return response;
  }

  /// Starts requests with large heads and without their announced bodies, until one is refused.
  private static RawMessage fill(Sidecar postern, List<RawHttp> held) throws Exception {
    for (int i = 0; i < 79; i++) {
      RawHttp http = RawHttp.connect(postern.authPort());
      http.send(
          "POST /outpost.goauthentik.io/ping HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n"
              + "X-Forwarded-For: 203.0.113.66\r\nX: "
              + "v".repeat(960_000)
              + "\r\n\r\n");
      CompletableFuture<RawMessage> response = responseOf(http);
      double before = 960_000 * (i + 0.5);
      Await.until(
          "the request is held or refused",
          Duration.ofSeconds(30),
          () -> response.isDone() || Resources.gauge(postern, "postern_in_flight_bytes") > before);
      if (response.isDone()) {
        http.close();
        return response.get();
      }
      held.add(http);
    }
    throw new AssertionError("nothing was refused");
  }

  private static String client(RawMessage request) {
    return String.valueOf(request.first("X-Forwarded-For"));
  }

  @Test
  void joinedCallersByTheThousand_shareOneCheck() throws Exception {
    int callers = 1000;
    try (Gate gate = upstream.hold(_ -> true)) {
      var all = later(postern, callers, number -> Flood.check(Flood.address(number), ALICE));
      gate.awaitHeld(1);
      Await.until(
          "all of them wait",
          Duration.ofSeconds(60),
          () -> Resources.gauge(postern, "postern_in_flight_bytes") > callers * 800.0);
      gate.open();
      assertThat(all.get()).hasSize(callers).allMatch(answer -> answer.status() == 200);
    }
    assertThat(upstream.checks()).hasSize(1);
    Resources.awaitIdle(postern);
  }

  /// If the joined check is no allow, each caller makes its own check, within the limits.
  @Test
  void joinedCallersOfADenial_areLimitedLikeAllOthers() throws Exception {
    int callers = 300;
    try (Gate gate = upstream.hold(_ -> true)) {
      var all =
          later(postern, callers, number -> Flood.check(Flood.address(number), Flood.invented(1)));
      gate.awaitHeld(1);
      Await.until(
          "all of them wait",
          Duration.ofSeconds(60),
          () -> Resources.gauge(postern, "postern_in_flight_bytes") > callers * 800.0);
      gate.open();
      assertThat(all.get())
          .hasSize(callers)
          .allMatch(answer -> List.of(302, 503).contains(answer.status()));
    }
    Resources.awaitIdle(postern);
  }

  @Test
  void tenThousandCookies_areParsedOnceAndNotStored() throws Exception {
    String harmless =
        IntStream.range(0, 10_000).mapToObj(i -> "c" + i + "=v").collect(Collectors.joining("; "));
    assertThat(ask(HOME, harmless + "; " + ALICE).status()).isEqualTo(200);
    assertHit("x=y; " + ALICE);
    String sessions =
        IntStream.range(0, 10_000)
            .mapToObj(i -> "authentik_proxy_" + i + "=v")
            .collect(Collectors.joining("; "));
    int asked = upstream.requests().size();
    assertThat(ask(HOME, sessions + "; " + ALICE).status()).isEqualTo(200);
    assertThat(upstream.requests()).as("passed through").hasSize(asked + 1);
    assertHit(ALICE);
  }

  @Test
  void pipelinedRequests_getResponsesInOrder() throws Exception {
    int count = 1000;
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < count; i++) {
      all.append(Flood.check(Flood.address(i), i % 3 == 0 ? ALICE : ""));
    }
    try (RawHttp http = RawHttp.connect(postern.authPort())) {
      Thread sender =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  http.send(all.toString());
                } catch (IOException e) {
                  throw new IllegalStateException(e);
                }
              });
      for (int i = 0; i < count; i++) {
        assertThat(http.read().status()).isEqualTo(i % 3 == 0 ? 200 : 302);
      }
      sender.join();
    }
  }

  /// 200,000 cookies, most refused by the login limit before a check.
  @Test
  void hundredThousandsOfInventedCookies_fillNoMemory() throws Exception {
    int batch = 200;
    try (Sidecar limited =
        Sidecar.start(PosternConfig.of(upstream.url(), state).limitLogins(20, 100).build())) {
      assertThat(RawHttp.once(limited.authPort(), Flood.check(HOME, ALICE)).status())
          .isEqualTo(200);
      long before = Resources.heapAfterCollection();
      try (RawHttp http = RawHttp.connect(limited.authPort())) {
        for (int sent = 0; sent < 200_000; sent += batch) {
          StringBuilder many = new StringBuilder();
          for (int i = 0; i < batch; i++) {
            many.append(Flood.check("203.0.113.66", Flood.invented(sent + i)));
          }
          http.send(many.toString());
          for (int i = 0; i < batch; i++) {
            assertThat(http.read().status()).isIn(302, 429);
          }
        }
      }
      assertThat(
              RawHttp.once(limited.authPort(), Flood.check(HOME, ALICE)).first("X-Postern-Cache"))
          .isEqualTo("hit");
      assertThat(Resources.gauge(limited, "postern_cache_entries")).isEqualTo(1);
      assertThat(Resources.heapAfterCollection()).isLessThan(before + (32L << 20));
      assertThat(upstream.requests().size()).isLessThan(20_000);
    }
  }
}
