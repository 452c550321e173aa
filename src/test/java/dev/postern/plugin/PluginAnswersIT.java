package dev.postern.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.testing.Await;
import dev.postern.testing.Fields;
import dev.postern.testing.RawHttp;
import dev.postern.testing.RawMessage;
import dev.postern.testing.RawServer;
import dev.postern.testing.program.NeedsTraefik;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// How the plugin treats Postern's responses: like ForwardAuth, compared side by side, and never an
/// allow without a complete allow.
@NeedsTraefik
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PluginAnswersIT {
  private static final int MAX_BODY = 1000;
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final PluginStage stage = new PluginStage();
  private final CountDownLatch end = new CountDownLatch(1);
  private Path accessLog;

  @BeforeAll
  void start(@TempDir Path directory) {
    String address = stage.url() + PluginStage.PATH;
    accessLog = directory.resolve("traefik").resolve("access.log");
    stage.start(
        directory.resolve("traefik"),
        List.of("plugin", "forward"),
        """
        http:
          middlewares:
            plugin: { plugin: { postern: { address: "%1$s", maxResponseBodySize: %2$d, timeout: 20s } } }
            short: { plugin: { postern: { address: "%1$s", timeout: 1 } } }
            down: { plugin: { postern: { address: "http://127.0.0.1:1" } } }
            forward:
              forwardAuth:
                address: "%1$s"
                trustForwardHeader: false
                maxResponseBodySize: %2$d
                authResponseHeadersRegex: "^X-Authentik-"
          routers:
            plugin: { rule: "Host(`app.test`)", entryPoints: [plugin], middlewares: [plugin], service: app }
            forward: { rule: "Host(`app.test`)", entryPoints: [forward], middlewares: [forward], service: app }
            short: { rule: "Host(`short.test`)", entryPoints: [plugin], middlewares: [short], service: app }
            down: { rule: "Host(`down.test`)", entryPoints: [plugin], middlewares: [down], service: app }
        """
                .formatted(address, MAX_BODY)
            + stage.service(),
        "accessLog: { filePath: access.log, format: json }\n");
  }

  @AfterAll
  void stop() {
    end.countDown();
    stage.close();
  }

  /// Status, header lines separated by two semicolons, and body.
  static Stream<Arguments> answers() {
    return Stream.of(
            "302 Found|Location: /outpost.goauthentik.io/start?rd=x|",
            "302 Found|Location: https://auth.test/a?b=%22#c;;Set-Cookie: a=1; Path=/;;Set-Cookie:"
                + " b=\"2\"|<a>",
            "307 Temporary Redirect|Location: ../x|",
            "302 Found||no location",
            "302 Found|Location: http://[::1|no URL",
            "304 Not Modified|ETag: \"a\"|",
            "400 Bad Request|Content-Type: text/html|<h1>state</h1>",
            "401 Unauthorized|WWW-Authenticate: Basic realm=\"a\";;WWW-Authenticate: Bearer|asked",
            "403 Forbidden|Content-Encoding: gzip|not really gzip",
            "403 Forbidden|Keep-Alive: timeout=5;;Te: x;;Upgrade: x;;Proxy-Authenticate: Basic|no",
            "403 Forbidden|X-List: a;;X-List: b;;X-Postern-Cache: bypass;;Cache-Control:"
                + " no-store|no",
            "404 Not Found||nothing",
            "429 Too Many Requests|Retry-After: 5|",
            "500 Internal Server Error||broken",
            "503 Service Unavailable|Retry-After: 5|",
            "600 Odd||odd",
            "200 OK|X-authentik-uid: u;;x-authentik-groups: a;;X-Authentik-Groups: b;;X-Other: no|",
            "200 OK|X-authentik-uid: u;;Set-Cookie: not a cookie;;Location: /x|a body",
            "204 No Content|X-authentik-uid: u|",
            "206 Partial Content|X-authentik-uid: u|part",
            "299 Odd|X-authentik-uid: u|",
            "200 OK|X-authentik-uid: u|" + "b".repeat(MAX_BODY),
            "200 OK|X-authentik-uid: u|" + "b".repeat(MAX_BODY + 1),
            "403 Forbidden||" + "b".repeat(MAX_BODY + 1))
        .flatMap(text -> Stream.of(false, true).map(chunked -> Arguments.of(text, chunked)));
  }

  @ParameterizedTest
  @MethodSource("answers")
  void response_complete_isTreatedAsForwardAuthDoes(String text, boolean chunked) throws Exception {
    stage.answers(message(text, chunked));

    RawMessage forward = stage.send("forward", request("app.test"));
    List<RawMessage> afterForward = stage.takeApplicationRequests();
    RawMessage plugin = stage.send("plugin", request("app.test"));
    List<RawMessage> afterPlugin = stage.takeApplicationRequests();

    assertThat(plugin.startLine()).isEqualTo(forward.startLine());
    assertThat(plugin.body()).isEqualTo(forward.body());
    assertThat(Fields.of(plugin.fields(), "Date")).isEqualTo(Fields.of(forward.fields(), "Date"));
    assertThat(afterPlugin.stream().map(one -> Fields.of(one.fields())))
        .isEqualTo(afterForward.stream().map(one -> Fields.of(one.fields())).toList());
  }

  private static String message(String text, boolean chunked) {
    String[] parts = text.split("\\|", 3);
    boolean isBodiless = parts[0].startsWith("204") || parts[0].startsWith("304");
    String head = parts[1].isEmpty() ? "" : parts[1].replace(";;", "\r\n") + "\r\n";
    String framed =
        chunked
            ? "Transfer-Encoding: chunked\r\n\r\n"
                + (parts[2].isEmpty()
                    ? ""
                    : Integer.toHexString(parts[2].length()) + "\r\n" + parts[2] + "\r\n")
                + "0\r\n\r\n"
            : "Content-Length: " + parts[2].length() + "\r\n\r\n" + parts[2];
    return "HTTP/1.1 " + parts[0] + "\r\n" + head + (isBodiless ? "\r\n" : framed);
  }

  @Test
  void denial_withALocationThatIsNoUrl_is500WithNothingOfTheResponse() throws Exception {
    stage.answers(message("401 Unauthorized|Location: http://[::1;;Set-Cookie: a=1|", false));

    assertThat(stage.send("forward", request("app.test")).status()).isEqualTo(500);
    RawMessage plugin = stage.send("plugin", request("app.test"));

    assertThat(plugin.status()).isEqualTo(500);
    assertThat(plugin.first("Set-Cookie")).as("ForwardAuth lets it out").isNull();
    assertThat(stage.takeApplicationRequests()).isEmpty();
  }

  @Test
  void allow_withoutAUser_setsNoIdentity() throws Exception {
    stage.answers(message("200 OK|X-Authentik-Username: root\nX-Authentik-Uid:|", false));

    assertThat(stage.send("plugin", request("app.test")).status()).isEqualTo(200);

    assertThat(stage.takeApplicationRequests().getFirst().fields())
        .noneMatch(field -> field.name().startsWith("X-Authentik"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "HTTP/1.1 200",
        "\u0000\u0001 this is not HTTP\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX-authentik-uid: u\r\n",
        "HTTP/1.1 200 OK\r\nX-authentik-uid: u\r\nContent-Length: 10\r\n\r\nhalf",
        "HTTP/1.1 200 OK\r\nX-authentik-uid: u\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhalf",
        "HTTP/1.1 200 OK\r\nX-authentik-uid: u\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "HTTP/1.1 200 OK\r\nX-authentik-uid: u\r\nContent-Length: 0\r\nContent-Length: 5\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX-authentik-uid u\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 2000 OK\r\nX-authentik-uid: u\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n",
        "HTTP/1.1 100 Continue\r\n\r\n",
      })
  void response_thatIsInvalid_is500AndNoAccess(String bytes) throws Exception {
    assertRefused(
        "app.test",
        500,
        (_, connection) -> {
          connection.write(bytes);
          connection.close();
        });
  }

  @Test
  void response_withAnEndlessHead_is500AndNoAccess() throws Exception {
    String line = "X-authentik-uid: " + "u".repeat(8000) + "\r\n";
    assertRefused(
        "app.test",
        500,
        (_, connection) -> {
          connection.write("HTTP/1.1 200 OK\r\n");
          for (int i = 0; i < 1000; i++) {
            connection.write(line);
          }
          connection.write("Content-Length: 0\r\n\r\n");
        });
  }

  @Test
  void response_withAnEndlessBody_is401AndNoAccess() throws Exception {
    assertRefused(
        "app.test",
        401,
        (_, connection) -> {
          connection.write("HTTP/1.1 200 OK\r\nX-authentik-uid: u\r\n\r\n");
          while (end.getCount() > 0) {
            connection.write("x".repeat(8000));
          }
        });
  }

  @Test
  void response_thatDoesNotCome_is500AfterTheTimeout() throws Exception {
    assertRefused("short.test", 500, (_, connection) -> await(connection));
    assertRefused(
        "short.test",
        500,
        (_, connection) -> {
          connection.write("HTTP/1.1 200 OK\r\nX-authentik-uid: u\r\nContent-Length: 5\r\n\r\nx");
          await(connection);
        });
    assertThat(stage.traefik().log()).contains("short@file: no verdict", "deadline exceeded");
  }

  @Test
  void postern_down_is500AndTheLogSaysWhere() throws Exception {
    assertThat(stage.send("plugin", request("down.test")).status()).isEqualTo(500);
    assertThat(stage.takeApplicationRequests()).isEmpty();
    assertThat(stage.traefik().log())
        .contains("down@file: no verdict from http://127.0.0.1:1" + PluginStage.PATH)
        .contains("connection refused");
  }

  @Test
  void client_thatGoesBeforeTheResponse_is499InTheAccessLog() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    stage.answers((_, connection) -> {
      asked.countDown();
      await(connection);
    });
    try (RawHttp client = RawHttp.connect(stage.traefik().port("plugin"))) {
      client.send(request("app.test").replace("/page", "/gone"));
      assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
    }
    Await.until(
        "the access log shows the end",
        LIMIT,
        () ->
            Files.readAllLines(accessLog).stream()
                .anyMatch(line -> line.contains("/gone") && line.contains("Status\":499")));
    assertThat(stage.takeApplicationRequests()).isEmpty();
  }

  private void assertRefused(String host, int status, RawServer.Handler handler) throws Exception {
    stage.answers(handler);
    RawMessage answer = stage.send("plugin", request(host));
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.body()).isEmpty();
    assertThat(stage.takeApplicationRequests())
        .as("requests that reached the application")
        .isEmpty();
  }

  private void await(RawServer.Connection connection) throws IOException {
    try {
      end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    connection.close();
  }

  private static String request(String host) {
    return RawHttp.get(
        "/page",
        "Host: " + host,
        "Accept-Encoding: gzip",
        "X-Authentik-Groups: forged",
        "Connection: close");
  }
}
