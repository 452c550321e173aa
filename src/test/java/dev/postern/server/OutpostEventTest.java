package dev.postern.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.app.Sidecar;
import dev.postern.app.StartException;
import dev.postern.testing.Await;
import dev.postern.testing.PosternConfig;
import dev.postern.testing.RawHttp;
import dev.postern.testing.RawMessage;
import dev.postern.testing.RawServer;
import dev.postern.testing.upstream.Identity;
import dev.postern.testing.upstream.RecordingUpstream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Outpost events and relays with an abnormal end, on the wire.
class OutpostEventTest {
  private static final String SIGN_OUT = "/outpost.goauthentik.io/sign_out";
  private static final String COOKIE = "Cookie: authentik_proxy_0a1b2c3d=alice";

  @TempDir Path state;
  private final CountDownLatch answers = new CountDownLatch(1);
  private final AtomicInteger held = new AtomicInteger();
  private final RawServer upstream = RawServer.start(this::answer);
  private Sidecar postern;

  @BeforeEach
  void start() throws StartException {
    postern = start(Duration.ofSeconds(20));
  }

  private Sidecar start(Duration timeout) throws StartException {
    return Sidecar.start(
        PosternConfig.of(upstream.url(), state).timeout(timeout).maxInFlight(2 << 20).build());
  }

  @AfterEach
  void stop() {
    answers.countDown();
    postern.close();
    upstream.close();
  }

  /// Allows every check at once, and holds every other request.
  private void answer(RawMessage request, RawServer.Connection connection) throws IOException {
    if (request.path().equals(RecordingUpstream.AUTH)) {
      String fields =
          Identity.of("alice", "app").fields(null).stream()
              .map(field -> field + "\r\n")
              .collect(Collectors.joining());
      connection.write("HTTP/1.1 200 OK\r\n" + fields + "Content-Length: 0\r\n\r\n");
      return;
    }
    held.incrementAndGet();
    try {
      boolean _ = answers.await(60, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    connection.write("HTTP/1.1 302 Found\r\nLocation: /bye\r\nContent-Length: 0\r\n\r\n");
  }

  private String check() throws IOException {
    RawMessage answer =
        RawHttp.once(
            postern.authPort(),
            RawHttp.get(
                RecordingUpstream.AUTH,
                "Host: postern",
                "X-Forwarded-Method: GET",
                "X-Forwarded-Proto: https",
                "X-Forwarded-Host: app.example.test",
                "X-Forwarded-Uri: /",
                "X-Forwarded-For: 192.0.2.7",
                COOKIE));
    assertThat(answer.status()).isEqualTo(200);
    return String.valueOf(answer.first("X-Postern-Cache"));
  }

  private void awaitHeld(int count) {
    Await.until(count + " wait", Duration.ofSeconds(30), () -> held.get() >= count);
  }

  private void beginSignOutAndAbort() throws IOException {
    try (RawHttp client = RawHttp.connect(postern.authPort())) {
      client.send(RawHttp.get(SIGN_OUT, "Host: app.example.test", COOKIE));
      awaitHeld(1);
      // The entry was removed on arrival; this check reaches an upstream that has not signed out
      // yet.
      assertThat(check()).isEqualTo("miss");
      assertThat(check()).isEqualTo("hit");
    }
  }

  @Test
  void signOutWhoseClientLeaves_revokesAtTheUpstreamsResponse() throws IOException {
    assertThat(check()).isEqualTo("miss");
    beginSignOutAndAbort();
    answers.countDown();
    awaitRevoked();
  }

  /// A check would store the entry again, so read the counter: on arrival, and at the end.
  private void awaitRevoked() throws IOException {
    Await.until(
        "two revocations", Duration.ofSeconds(30), () -> metric("postern_revocations_total") == 2);
    assertThat(check()).isEqualTo("miss");
  }

  private double metric(String name) throws IOException {
    return RawHttp.once(
            postern.adminPort(), RawHttp.get("/metrics", "Host: localhost", "Connection: close"))
        .body()
        .lines()
        .filter(line -> line.startsWith(name))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  @Test
  void relays_countInTheBytesInFlightAndAreRefusedBeyond() throws IOException {
    String large =
        RawHttp.get("/outpost.goauthentik.io/static/a", "Host: x", "X-A: " + "a".repeat(900_000));
    try (RawHttp one = RawHttp.connect(postern.authPort());
        RawHttp two = RawHttp.connect(postern.authPort())) {
      one.send(large);
      two.send(large);
      awaitHeld(2);
      assertThat(metric("postern_in_flight_bytes")).isGreaterThan(1_800_000);
      RawMessage third = RawHttp.once(postern.authPort(), large);
      assertThat(third.status()).isEqualTo(503);
      assertThat(third.first("Retry-After")).isEqualTo("1");
      answers.countDown();
      assertThat(one.read().status()).isEqualTo(302);
      assertThat(two.read().status()).isEqualTo(302);
    }
    Await.until(
        "no byte is held", Duration.ofSeconds(30), () -> metric("postern_in_flight_bytes") == 0);
  }
}
