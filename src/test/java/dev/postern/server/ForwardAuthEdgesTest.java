package dev.postern.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.app.Sidecar;
import dev.postern.app.StartException;
import dev.postern.testing.PosternConfig;
import dev.postern.testing.RawHttp;
import dev.postern.testing.RawMessage;
import dev.postern.testing.upstream.Identity;
import dev.postern.testing.upstream.RecordingUpstream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Unusual requests to the forward-auth endpoint that must not leave a wrong entry behind.
class ForwardAuthEdgesTest {
  private static final String HOST = "app.example.test";
  private static final String COOKIE = "authentik_proxy_0a1b2c3d=alice";

  @TempDir Path state;
  private final RecordingUpstream upstream = new RecordingUpstream();
  private Sidecar postern;

  @BeforeEach
  void start() throws StartException {
    postern = Sidecar.start(PosternConfig.of(upstream.url(), state).build());
    upstream.signIn(HOST, COOKIE, Identity.of("alice", "app"));
  }

  @AfterEach
  void stop() {
    postern.close();
    upstream.close();
  }

  private static String lines(String cookie) {
    return "Host: postern\r\nX-Forwarded-Method: GET\r\nX-Forwarded-Proto: https\r\n"
        + "X-Forwarded-Host: "
        + HOST
        + "\r\nX-Forwarded-Uri: /\r\nX-Forwarded-For: 192.0.2.7\r\nCookie: "
        + cookie
        + "\r\n";
  }

  private RawMessage ask(String method, String target, String cookie, String body)
      throws IOException {
    String length = body.isEmpty() ? "" : "Content-Length: " + body.length() + "\r\n";
    return RawHttp.once(
        postern.authPort(),
        method + " " + target + " HTTP/1.1\r\n" + lines(cookie) + length + "\r\n" + body);
  }

  private String status() throws IOException {
    return String.valueOf(ask("GET", RecordingUpstream.AUTH, COOKIE, "").first("X-Postern-Cache"));
  }

  @Test
  void refusalOfARequestWithABody_removesTheEntry() throws IOException {
    assertThat(status()).isEqualTo("miss");
    assertThat(ask("POST", RecordingUpstream.AUTH, COOKIE, "body").first("X-Postern-Cache"))
        .isEqualTo("bypass");
    assertThat(status()).as("a bypassing allow changes nothing").isEqualTo("hit");

    upstream.end(HOST, COOKIE);
    assertThat(ask("POST", RecordingUpstream.AUTH, COOKIE, "body").status()).isEqualTo(302);
    assertThat(ask("GET", RecordingUpstream.AUTH, COOKIE, "").status()).isEqualTo(302);
  }

  private static String dozensOfSessions() {
    return IntStream.range(0, 65)
        .mapToObj(i -> "authentik_proxy_" + i + "=" + i)
        .collect(Collectors.joining("; "));
  }

  @Test
  void sessionCookiesByTheDozen_areRelayedAndNotStored() throws IOException {
    assertThat(status()).isEqualTo("miss");
    int asked = upstream.requests().size();
    for (int i = 1; i <= 2; i++) {
      assertThat(
              ask("GET", RecordingUpstream.AUTH, dozensOfSessions() + "; " + COOKIE, "").status())
          .isEqualTo(200);
      assertThat(upstream.requests()).hasSize(asked + i);
    }
    assertThat(status()).isEqualTo("hit");
  }

  @Test
  void sessionCookiesByTheDozen_signOutAllTheSame() throws IOException {
    assertThat(status()).isEqualTo("miss");
    String all = dozensOfSessions() + "; " + COOKIE;
    assertThat(ask("GET", "/outpost.goauthentik.io/sign_out", all, "").status()).isEqualTo(302);
    assertThat(ask("GET", RecordingUpstream.AUTH, COOKIE, "").status()).isEqualTo(302);
  }

  /// The outpost would complete the request from its own headers and check another application.
  @ParameterizedTest(name = "without {0}, body {1}")
  @CsvSource({
    "X-Forwarded-Host, ''", "X-Forwarded-Host, body",
    "X-Forwarded-Proto, ''", "X-Forwarded-Proto, body",
    "X-Forwarded-Method, ''", "X-Forwarded-Method, body",
    "X-Forwarded-Uri, ''", "X-Forwarded-Uri, body"
  })
  void incompleteRequest_isRefusedAndTheUpstreamNotCalled(String header, String body)
      throws IOException {
    String whole = lines(COOKIE);
    String line = whole.lines().filter(l -> l.startsWith(header + ":")).findFirst().orElseThrow();
    for (String instead : List.of("", header + ":\r\n", line + "\r\n" + line + "\r\n")) {
      String length = body.isEmpty() ? "" : "Content-Length: " + body.length() + "\r\n";
      RawMessage answer =
          RawHttp.once(
              postern.authPort(),
              "GET "
                  + RecordingUpstream.AUTH
                  + " HTTP/1.1\r\n"
                  + whole.replace(line + "\r\n", instead)
                  + length
                  + "\r\n"
                  + body);
      assertThat(answer.status()).as(instead).isEqualTo(400);
      assertThat(answer.body()).startsWith("X-Forwarded-Method, -Proto, -Host and -Uri");
    }
    assertThat(upstream.checks()).isEmpty();
  }

  @Test
  void queryOfAQuestionMarkAlone_isPreservedAndIsAnotherKey() throws IOException {
    String target = RecordingUpstream.AUTH + "?";
    assertThat(status()).isEqualTo("miss");
    assertThat(ask("GET", target, COOKIE, "").first("X-Postern-Cache")).isEqualTo("miss");
    assertThat(ask("GET", target, COOKIE, "").first("X-Postern-Cache")).isEqualTo("hit");
    assertThat(upstream.requests().getLast().target()).isEqualTo(target);
  }
}
