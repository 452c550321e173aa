package dev.postern.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.app.Sidecar;
import dev.postern.app.StartException;
import dev.postern.testing.Certificates;
import dev.postern.testing.PosternConfig;
import dev.postern.testing.RawHttp;
import dev.postern.testing.RawMessage;
import dev.postern.testing.RawServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Bodies through the relay of outpost paths, in both directions and in every framing.
class RelayTest {
  private static final String PATH = "/outpost.goauthentik.io/static/page";
  private static final int LARGE = 5_000_000;

  @TempDir Path state;
  private final CopyOnWriteArrayList<RawMessage> requests = new CopyOnWriteArrayList<>();
  private final CountDownLatch broken = new CountDownLatch(1);
  private RawServer upstream;
  private Sidecar postern;

  @BeforeEach
  void start() throws StartException {
    upstream = RawServer.start(this::answer);
    postern = Sidecar.start(PosternConfig.of(upstream.url(), state).build());
  }

  @AfterEach
  void stop() {
    postern.close();
    upstream.close();
  }

  private void answer(RawMessage request, RawServer.Connection connection) throws IOException {
    requests.add(request);
    switch (request.path().substring(PATH.length())) {
      case "/large" -> connection.write(ok("Content-Length: " + LARGE, "l".repeat(LARGE)));
      case "/chunked" ->
          connection.write(
              ok("Transfer-Encoding: chunked", "5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n"));
      case "/until-close" -> {
        connection.write(ok("Connection: close", "until the end"));
        connection.close();
      }
      case "/own" ->
          connection.write(
              ok(
                  "Content-Length: 2\r\nx-postern-cache: hit\r\nX-Postern-Via: 00ff\r\nX-Else: 1",
                  "ok"));
      case "/broken" -> {
        connection.write(ok("Content-Length: 1000", "half"));
        connection.close();
        broken.countDown();
      }
      case "/after-broken" -> {
        await(broken);
        connection.write(ok("Content-Length: 4", "fine"));
      }
      default -> connection.write(ok("Content-Length: 2", "ok"));
    }
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private static String ok(String line, String body) {
    return "HTTP/1.1 200 OK\r\n" + line + "\r\n\r\n" + body;
  }

  private RawMessage get(String path) throws IOException {
    return RawHttp.once(postern.authPort(), RawHttp.get(PATH + path, "Host: app.example.test"));
  }

  /// Upstream headers with the names of Postern's own are dropped.
  @Test
  void posternHeaders_ofTheUpstream_areNotRelayed() throws IOException {
    RawMessage answer = get("/own");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.first("X-Else")).isEqualTo("1");
    assertThat(answer.fields())
        .noneMatch(line -> line.name().toLowerCase(Locale.ROOT).startsWith("x-postern"));
  }

  @Test
  void largeResponse_streamsCompletely() throws IOException {
    assertThat(get("/large").body()).hasSize(LARGE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/chunked", "/until-close"})
  void responseOfEveryFraming_arrivesComplete(String path) throws IOException {
    assertThat(get(path).body()).isIn("hello world", "until the end");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 11\r\n\r\nhello world",
        "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n"
      })
  void requestBodyOfEveryFraming_arrivesComplete(String framed) throws IOException {
    RawMessage answer =
        RawHttp.once(
            postern.authPort(),
            "POST " + PATH + " HTTP/1.1\r\nHost: app.example.test\r\n" + framed);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(requests.getFirst().body()).isEqualTo("hello world");
  }

  @Test
  void largeRequestBody_arrivesComplete() throws IOException {
    String body = "u".repeat(1_500_000);
    RawHttp.once(
        postern.authPort(),
        "POST "
            + PATH
            + " HTTP/1.1\r\nHost: app.example.test\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n"
            + body);
    assertThat(requests.getFirst().body()).isEqualTo(body);
  }

  @Test
  void truncatedResponse_doesNotLookComplete() {
    assertThatThrownBy(() -> get("/broken")).isInstanceOf(IOException.class);
  }

  @Test
  void truncatedResponse_overHttp2_keepsTheConnectionForOthers() throws Exception {
    try (HttpClient client =
        HttpClient.newBuilder().sslContext(Certificates.trustingAll()).build()) {
      assertThat(client.send(request(""), BodyHandlers.ofString()).version())
          .isEqualTo(HttpClient.Version.HTTP_2);
      CompletableFuture<java.net.http.HttpResponse<String>> other =
          client.sendAsync(request("/after-broken"), BodyHandlers.ofString());
      assertThatThrownBy(() -> client.send(request("/broken"), BodyHandlers.ofString()))
          .isInstanceOf(IOException.class);
      assertThat(other.get().body()).isEqualTo("fine");
    }
  }

  private HttpRequest request(String path) {
    return HttpRequest.newBuilder(
            URI.create("https://localhost:" + postern.authsPort() + PATH + path))
        .build();
  }

  @Test
  void upgrade_isRefusedWithAMessage() throws IOException {
    RawMessage answer =
        RawHttp.once(
            postern.authPort(),
            RawHttp.get(
                PATH, "Host: app.example.test", "Connection: Upgrade", "Upgrade: websocket"));
    assertThat(answer.status()).isEqualTo(501);
    assertThat(answer.body()).contains("WebSocket");
    assertThat(requests).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/outpost.goauthentik.io/sign%5Fout",
        "/outpost.goauthentik.io//sign_out",
        "/outpost.goauthentik.io/static/../sign_out",
        "/outpost.goauthentik.io/static/%2e%2e/sign_out",
        "/outpost.goauthentik.io/static/..%2fsign_out",
      })
  void pathNotCanonical_isRefusedAndNeverRelayed(String path) throws IOException {
    RawMessage answer =
        RawHttp.once(postern.authPort(), RawHttp.get(path, "Host: app.example.test"));
    assertThat(answer.status()).isEqualTo(400);
    assertThat(requests).isEmpty();
  }
}
