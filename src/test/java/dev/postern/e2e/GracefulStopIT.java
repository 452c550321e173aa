package dev.postern.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.testing.Await;
import dev.postern.testing.EchoBackend;
import dev.postern.testing.RawHttp;
import dev.postern.testing.RawMessage;
import dev.postern.testing.program.NeedsTraefik;
import dev.postern.testing.program.PosternProcess;
import dev.postern.testing.program.Traefik;
import dev.postern.testing.upstream.Gate;
import dev.postern.testing.upstream.Identity;
import dev.postern.testing.upstream.RecordingUpstream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// SIGTERM under load, sent to Postern as a child process.
class GracefulStopIT {
  private static final int CLIENTS = 16;
  private static final int REQUESTS_IN_THE_DRAIN = 5;
  private static final String HOST = "app.example.test";
  private static final String HELD = "authentik_proxy_51a54282=held";

  @TempDir Path directory;
  private final RecordingUpstream upstream = new RecordingUpstream();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch draining = new CountDownLatch(1);
  private final AtomicInteger answers = new AtomicInteger();
  private PosternProcess postern;

  @BeforeEach
  void start() {
    postern =
        PosternProcess.start(
            directory,
            upstream.url(),
            "--entryPoints.auth.transport.lifeCycle.requestAcceptGraceTimeout=3s",
            "--entryPoints.auth.transport.lifeCycle.graceTimeOut=20s",
            "--cache.ttl=1s");
    upstream.signIn(HOST, HELD, Identity.of("held", "app"));
    for (int client = 0; client < CLIENTS; client++) {
      upstream.signIn(HOST, cookie(client), Identity.of("user-" + client, "app"));
    }
  }

  @AfterEach
  void stop() {
    threads.shutdownNow();
    postern.close();
    upstream.close();
  }

  @Test
  void sigterm_underKeepAliveLoad_losesNoAcceptedRequestAndEndsByItself() throws Exception {
    List<Future<Integer>> load = new ArrayList<>();
    for (int client = 0; client < CLIENTS; client++) {
      String request = forwardAuth(cookie(client));
      String person = "sub-user-" + client;
      load.add(threads.submit(() -> loadDirectly(request, person)));
    }
    Gate gate = upstream.hold(check -> check.cookies().contains(HELD));
    try (RawHttp accepted = RawHttp.connect(postern.authPort())) {
      accepted.send(forwardAuth(HELD));
      gate.awaitHeld(1);
      terminateUnderLoad();

      for (Future<Integer> client : load) {
        assertThat(client.get(30, TimeUnit.SECONDS)).isPositive();
      }
      Await.until("no connection is accepted any more", Duration.ofSeconds(15), this::isClosed);
      assertThat(postern.process().isAlive()).as("a request is still held").isTrue();
      gate.close();

      RawMessage late = accepted.read();
      assertThat(late.first("X-Authentik-Uid")).isEqualTo("sub-held");
    }
    assertEndsByItself();
  }

  @Test
  void sigterm_whileIdleConnectionsAreOpen_endsWithoutWaitingForThem() throws Exception {
    try (RawHttp idle = RawHttp.connect(postern.authPort())) {
      assertThat(idle.exchange(forwardAuth(cookie(0))).status()).isEqualTo(200);
      postern.process().terminate();
      assertEndsByItself();
      assertThatThrownBy(idle::read).isInstanceOf(IOException.class);
    }
  }

  @Test
  @NeedsTraefik
  void sigterm_behindTraefik_everyRequestOfTheDrainGetsAResponse() throws Exception {
    try (EchoBackend backend = new EchoBackend();
        Traefik traefik =
            Traefik.start(directory.resolve("traefik"), List.of("web"), dynamic(backend))) {
      List<Future<Integer>> load = new ArrayList<>();
      for (int client = 0; client < CLIENTS; client++) {
        String request = RawHttp.get("/", "Host: " + HOST, "Cookie: " + cookie(client));
        String person = "X-Authentik-Uid: sub-user-" + client;
        load.add(threads.submit(() -> loadThroughTraefik(traefik.port("web"), request, person)));
      }
      terminateUnderLoad();

      for (Future<Integer> client : load) {
        assertThat(client.get(30, TimeUnit.SECONDS)).isPositive();
      }
    }
    assertEndsByItself();
  }

  private void terminateUnderLoad() {
    Await.until("load runs", Duration.ofSeconds(30), () -> answers.get() > CLIENTS * 10);
    postern.process().terminate();
    Await.until("/ping answers 503", Duration.ofSeconds(2), () -> postern.ping() == 503);
    draining.countDown();
  }

  private void assertEndsByItself() {
    assertThat(postern.process().awaitExit(Duration.ofSeconds(15)))
        .as("exit code after SIGTERM:%n%s", postern.process().log())
        .isZero();
  }

  /// Sends requests on one connection until some were served during the drain, then disconnects.
  /// After a response with `Connection: close` the next request uses a new connection.
  private int loadDirectly(String request, String person) throws IOException {
    int count = 0;
    int inDrain = 0;
    RawHttp http = RawHttp.connect(postern.authPort());
    try {
      while (inDrain < REQUESTS_IN_THE_DRAIN) {
        RawMessage answer = http.exchange(request);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.values("X-Authentik-Uid")).containsExactly(person);
        answers.incrementAndGet();
        count++;
        inDrain += draining.getCount() == 0 ? 1 : 0;
        if (answer.closes()) {
          http.close();
          http = RawHttp.connect(postern.authPort());
        }
      }
      return count;
    } finally {
      http.close();
    }
  }

  private int loadThroughTraefik(int port, String request, String person) throws IOException {
    int inDrain = 0;
    int count = 0;
    try (RawHttp http = RawHttp.connect(port)) {
      while (inDrain < REQUESTS_IN_THE_DRAIN) {
        RawMessage answer = http.exchange(request);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).contains(person + "\r\n");
        answers.incrementAndGet();
        count++;
        inDrain += draining.getCount() == 0 ? 1 : 0;
      }
    }
    return count;
  }

  private boolean isClosed() {
    try {
      RawHttp.connect(postern.authPort()).close();
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  private String dynamic(EchoBackend backend) {
    return """
    http:
      middlewares:
        auth:
          forwardAuth:
            address: "http://127.0.0.1:%d/outpost.goauthentik.io/auth/traefik"
            trustForwardHeader: false
            maxResponseBodySize: -1
            authResponseHeaders: [X-authentik-uid]
      routers:
        app: { rule: "PathPrefix(`/`)", middlewares: [auth], service: app }
      services:
        app: { loadBalancer: { servers: [{ url: "%s" }] } }
    """
        .formatted(postern.authPort(), backend.url());
  }

  private static String cookie(int client) {
    return "authentik_proxy_51a54282=client-" + client;
  }

  private static String forwardAuth(String cookie) {
    return RawHttp.get(
        RecordingUpstream.AUTH,
        Stream.of(
                "Host: postern",
                "X-Forwarded-Host: " + HOST,
                "X-Forwarded-Method: GET",
                "X-Forwarded-Proto: https",
                "X-Forwarded-Uri: /",
                "Cookie: " + cookie)
            .toArray(String[]::new));
  }
}
