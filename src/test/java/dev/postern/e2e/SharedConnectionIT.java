package dev.postern.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.app.Sidecar;
import dev.postern.app.StartException;
import dev.postern.testing.CountingProxy;
import dev.postern.testing.EchoBackend;
import dev.postern.testing.PosternConfig;
import dev.postern.testing.RawHttp;
import dev.postern.testing.RawMessage;
import dev.postern.testing.program.NeedsTraefik;
import dev.postern.testing.program.Traefik;
import dev.postern.testing.upstream.Gate;
import dev.postern.testing.upstream.Identity;
import dev.postern.testing.upstream.RecordingUpstream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Traefik sends the checks of all its clients over one HTTP/2 connection. Whatever one client
/// sends, that connection must stay open, and the checks of ten others must succeed.
@NeedsTraefik
class SharedConnectionIT {
  private static final String APP = "app.example.test";
  private static final int OTHERS = 10;
  private static final int ABORTED = 3_000;
  private static final Duration LONG = Duration.ofSeconds(24);

  @TempDir Path directory;
  private final RecordingUpstream upstream = new RecordingUpstream();
  private final EchoBackend backend = new EchoBackend();
  private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
  private Sidecar postern;
  private CountingProxy network;
  private Traefik traefik;

  @BeforeEach
  void start() throws StartException, IOException {
    postern =
        Sidecar.start(
            PosternConfig.of(upstream.url(), directory.resolve("state")).timeout(LONG).build());
    network = new CountingProxy(postern.authsPort());
    for (int i = 0; i < OTHERS; i++) {
      upstream.signIn(APP, cookie(i), Identity.of("person" + i, "app"));
    }
    upstream.signIn(APP, cookie("warm"), Identity.of("warm", "app"));
    traefik = traefik(directory.resolve("traefik"), network.port(), backend.url());
    // One connection, opened before the concurrent requests.
    assertThat(ask(get(cookie("warm"))).status()).isEqualTo(200);
    assertThat(network.connections()).isOne();
  }

  /// Traefik with HTTP/2 to Postern, whole bodies (`forwardBody`) and trusted client headers.
  static Traefik traefik(Path directory, int port, URI backend) {
    return Traefik.start(
        directory,
        List.of("web, forwardedHeaders: { insecure: true }"),
        """
        http:
          middlewares:
            auth:
              forwardAuth:
                address: "https://127.0.0.1:%d/outpost.goauthentik.io/auth/traefik"
                trustForwardHeader: true
                forwardBody: true
                maxBodySize: -1
                maxResponseBodySize: -1
                authResponseHeaders: [X-authentik-uid]
                tls: { insecureSkipVerify: true }
          routers:
            app: { rule: "HostRegexp(`example`)", middlewares: [auth], service: app }
          services:
            app: { loadBalancer: { servers: [{ url: "%s" }] } }
        """
            .formatted(port, backend));
  }

  @AfterEach
  void stop() {
    clients.shutdownNow();
    traefik.close();
    network.close();
    postern.close();
    backend.close();
    upstream.close();
  }

  private static String cookie(Object name) {
    return "authentik_proxy_51a54282=" + name;
  }

  private static String get(String cookies, String... more) {
    List<String> lines =
        new ArrayList<>(
            List.of("Host: " + APP, "X-Forwarded-For: 192.0.2.66", "Cookie: " + cookies));
    lines.addAll(List.of(more));
    return RawHttp.request("GET", "/", lines);
  }

  private RawMessage ask(String request) throws IOException {
    return RawHttp.once(traefik.port("web"), request);
  }

  /// A client's request, and the allowed statuses.
  static Stream<Arguments> requests() {
    String crumbs =
        IntStream.range(0, 300).mapToObj(i -> "c" + i + "=" + i).collect(Collectors.joining("; "));
    String wide = "w".repeat(65_536);
    return Stream.of(
        Arguments.of("300 cookies", get(crumbs), List.of(302)),
        Arguments.of(
            "3,000 cookies",
            get(
                crumbs
                    + "; "
                    + IntStream.range(0, 2_700)
                        .mapToObj(i -> "d" + i + "=")
                        .collect(Collectors.joining("; "))),
            List.of(302)),
        Arguments.of("a value of 64 KiB", get("a=1", "X-Wide: " + wide), List.of(302)),
        Arguments.of("a cookie of 64 KiB", get("a=" + wide), List.of(302)),
        Arguments.of("a list of 200 KB", get("a=1", lines(200, 1_000)), List.of(302)),
        Arguments.of("a list of 900 KB", get("a=1", lines(900, 1_000)), List.of(302)),
        // Above its own limit Traefik forwards nothing.
        Arguments.of("a list near the limit", get("a=1", lines(1_048, 990)), List.of(302, 431)),
        Arguments.of("a list of 1.5 MB", get("a=1", lines(1_500, 1_000)), List.of(431)),
        Arguments.of("12,000 lines", get("a=1", lines(12_000, 1)), List.of(431)),
        Arguments.of("9,900 lines", get("a=1", lines(9_900, 1)), List.of(302)),
        Arguments.of(
            "names that Connection lists",
            get("a=1", "Connection: X-Forwarded-Host, Cookie, keep-alive", "TE: gzip"),
            List.of(302, 400)),
        Arguments.of(
            "an upgrade",
            get("a=1", "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AA"),
            List.of(302)),
        Arguments.of("octets above ASCII", get("a=\u00e9\u00ff", "X-A: \u0080"), List.of(302)));
  }

  private static String[] lines(int count, int size) {
    return IntStream.range(0, count)
        .mapToObj(i -> "X-" + i + ": " + "v".repeat(size))
        .toArray(String[]::new);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("requests")
  void request_ofAClient_failsAtMostItself(String what, String request, List<Integer> statuses)
      throws Exception {
    try (WaitingUsers others = new WaitingUsers()) {
      assertThat(ask(request).status()).isIn(statuses);
      assertThat(ask(request).status()).isIn(statuses);
      others.areServed();
    }
    assertThat(network.connections()).as("connections of Traefik").isOne();
  }

  @Test
  void requests_thatAreGivenUp_failAtMostThemselves() throws Exception {
    // The ten checks are held while the other requests are served.
    try (WaitingUsers others = new WaitingUsers();
        Gate gate = upstream.hold(check -> check.cookies().toString().contains("given-up"))) {
      List<Future<?>> all = new ArrayList<>();
      for (int thread = 0; thread < 8; thread++) {
        int first = thread;
        all.add(
            clients.submit(() -> {
              for (int i = first; i < ABORTED; i += 8) {
                sendAndDisconnect(get(cookie("given-up-" + i)).replace("2.66", "2." + i % 200));
              }
              return null;
            }));
      }
      for (Future<?> one : all) {
        one.get(2, TimeUnit.MINUTES);
      }
      assertThat(gate.held()).isPositive();
      // On the original connection. There may be further ones: Go's client opens them when many of
      // its resets are unconfirmed.
      others.areServed();
    }
  }

  /// Sends a request and closes the connection at a time when Traefik may or may not have forwarded
  /// it.
  private void sendAndDisconnect(String request) throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), traefik.port("web"))) {
      socket.getOutputStream().write(request.getBytes(ISO_8859_1));
      socket.getOutputStream().flush();
      Thread.sleep(Duration.ofMillis(1));
    }
  }

  @Test
  void bodies_thatComeSlowlyOrNotAtAll_failAtMostThemselves() throws Exception {
    List<Socket> slow = new ArrayList<>();
    try (WaitingUsers others = new WaitingUsers()) {
      for (int i = 0; i < 300; i++) {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), traefik.port("web"));
        slow.add(socket);
        String head =
            RawHttp.request(
                "POST",
                "/",
                List.of(
                    "Host: " + APP,
                    "X-Forwarded-For: 192.0.2.66",
                    "Cookie: a=1",
                    i % 2 == 0 ? "Content-Length: 1000000" : "Transfer-Encoding: chunked"));
        socket
            .getOutputStream()
            .write((head + (i % 2 == 0 ? "x" : "1\r\nx\r\n")).getBytes(ISO_8859_1));
        if (i % 3 == 0) {
          socket.close();
        }
      }
      others.areServed();
      assertThat(ask(get(cookie("warm"))).status()).isEqualTo(200);
    } finally {
      for (Socket socket : slow) {
        socket.close();
      }
    }
    assertThat(network.connections()).isOne();
  }

  /// Ten users whose checks wait at the upstream.
  private final class WaitingUsers implements AutoCloseable {
    private final Gate gate = upstream.hold(check -> check.cookies().toString().contains("=held-"));
    private final List<Future<RawMessage>> responses = new ArrayList<>();

    WaitingUsers() {
      for (int i = 0; i < OTHERS; i++) {
        String name = "held-" + i;
        upstream.signIn(APP, cookie(name), Identity.of(name, "app"));
        String request = get(cookie(name)).replace("192.0.2.66", "198.51.100." + i);
        responses.add(clients.submit(() -> ask(request)));
      }
      gate.awaitHeld(OTHERS);
    }

    void areServed() throws Exception {
      gate.open();
      for (int i = 0; i < OTHERS; i++) {
        RawMessage response = responses.get(i).get(30, TimeUnit.SECONDS);
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.body()).contains("X-Authentik-Uid: sub-held-" + i + "\r\n");
      }
    }

    @Override
    public void close() {
      gate.close();
    }
  }
}
