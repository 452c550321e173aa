package dev.postern.server.limit;

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
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The login limit in the whole program.
class LoginLimitWireTest {
  private static final String HOST = "app.example.test";
  private static final String COOKIE = "authentik_proxy_0a1b2c3d=alice";
  private static final String CLIENT = "192.0.2.7";
  private static final String START = "/outpost.goauthentik.io/start";

  @TempDir Path state;
  private final RecordingUpstream upstream = new RecordingUpstream();
  private Sidecar postern;

  @BeforeEach
  void start() throws StartException {
    postern = Sidecar.start(PosternConfig.of(upstream.url(), state).limitLogins(1, 3).build());
    upstream.signIn(HOST, COOKIE, Identity.of("alice", "app"));
  }

  @AfterEach
  void stop() {
    postern.close();
    upstream.close();
  }

  private RawMessage ask(String target, String client, String cookie) throws IOException {
    return ask(target, client, cookie, "");
  }

  private RawMessage ask(String target, String client, String cookie, String body)
      throws IOException {
    return RawHttp.once(postern.authPort(), request(target, client, cookie, body));
  }

  private static String request(String target, String client, String cookie, String body) {
    String length = body.isEmpty() ? "" : "Content-Length: " + body.length() + "\r\n";
    return "GET "
        + target
        + " HTTP/1.1\r\nHost: postern\r\nX-Forwarded-Method: GET\r\n"
        + "X-Forwarded-Proto: https\r\nX-Forwarded-Host: "
        + HOST
        + "\r\nX-Forwarded-Uri: /\r\nX-Forwarded-For: "
        + client
        + (cookie.isEmpty() ? "" : "\r\nCookie: " + cookie)
        + "\r\n"
        + length
        + "\r\n"
        + body;
  }

  private void exhaust() throws IOException {
    for (int i = 0; i < 3; i++) {
      assertThat(ask(RecordingUpstream.AUTH, CLIENT, "").status()).isEqualTo(302);
    }
  }

  /// The upstream has created a session, even if there is no memory for its response.
  @Test
  void client_withoutMemoryForTheResponse_isLimitedAllTheSame() throws Exception {
    String page = "v".repeat(300_000);
    try (RawServer large =
            RawServer.start((_, connection) ->
                connection.write(
                    "HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 300000\r\n\r\n"
                        + page));
        Sidecar small =
            Sidecar.start(
                PosternConfig.of(large.url(), state)
                    .maxInFlight(8 << 20)
                    .limitLogins(1, 3)
                    .build());
        RawHttp one = RawHttp.connect(small.authPort());
        RawHttp two = RawHttp.connect(small.authPort())) {
      for (RawHttp http : List.of(one, two)) {
        http.send(
            "POST /outpost.goauthentik.io/ping HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n"
                + "X-Forwarded-For: 192.0.2.7\r\nX: "
                + "v".repeat(960_000)
                + "\r\n\r\n");
      }
      Await.until("both are held", Duration.ofSeconds(30), () -> inFlight(small) > 1_920_000);
      int[] statuses = new int[5];
      for (int i = 0; i < statuses.length; i++) {
        statuses[i] =
            RawHttp.once(small.authPort(), request(RecordingUpstream.AUTH, CLIENT, "", ""))
                .status();
      }
      assertThat(statuses).startsWith(503, 503, 503).endsWith(429);
    }
  }

  private static double inFlight(Sidecar postern) throws IOException {
    return RawHttp.once(
            postern.adminPort(), RawHttp.get("/metrics", "Host: localhost", "Connection: close"))
        .body()
        .lines()
        .filter(line -> line.startsWith("postern_in_flight_bytes "))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  @Test
  void client_thatStartsTooManyLogins_isRefusedWithoutCallingTheUpstream() throws IOException {
    exhaust();
    int asked = upstream.requests().size();

    RawMessage refused = ask(RecordingUpstream.AUTH, CLIENT, "");

    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.first("Retry-After")).isEqualTo("1");
    assertThat(refused.first("Cache-Control")).isEqualTo("no-store");
    assertThat(refused.body()).startsWith("Too many logins");
    assertThat(ask(RecordingUpstream.AUTH, CLIENT, "", "body").status()).isEqualTo(429);
    assertThat(ask(START, CLIENT, "").status()).isEqualTo(429);
    assertThat(upstream.requests()).hasSize(asked);
    assertThat(metrics()).contains("postern_login_limited_total 3\n");
  }

  @Test
  void client_atItsLimit_keepsItsSessionAndLimitsNobodyElse() throws IOException {
    exhaust();
    assertThat(ask(RecordingUpstream.AUTH, CLIENT, COOKIE).first("X-Postern-Cache"))
        .isEqualTo("miss");
    for (int i = 0; i < 20; i++) {
      RawMessage hit = ask(RecordingUpstream.AUTH, CLIENT, COOKIE);
      assertThat(hit.first("X-Postern-Cache")).isEqualTo("hit");
    }
    assertThat(ask("/outpost.goauthentik.io/sign_out", CLIENT, COOKIE).status()).isEqualTo(302);
    assertThat(ask("/outpost.goauthentik.io/static/a.css", CLIENT, "").status()).isEqualTo(200);
    assertThat(ask(RecordingUpstream.AUTH, "192.0.2.8", "").status()).isEqualTo(302);
  }

  @Test
  void startOfALogin_debitsLikeAChallenge() throws IOException {
    for (int i = 0; i < 3; i++) {
      assertThat(ask(START, CLIENT, "").status()).isEqualTo(302);
    }
    assertThat(ask(RecordingUpstream.AUTH, CLIENT, "").status()).isEqualTo(429);
  }

  /// Anyone can invent a cookie or an `Authorization`, and set a flag.
  @ParameterizedTest
  @ValueSource(
      strings = {
        RecordingUpstream.AUTH + "?X-authentik-logout=true",
        RecordingUpstream.AUTH + "?X-authentik-auth-callback=true",
        START,
        "/outpost.goauthentik.io/callback?code=1",
        "/outpost.goauthentik.io/sign_out"
      })
  void inventedCredential_isNoSession(String target) throws IOException {
    for (int i = 0; i < 3; i++) {
      assertThat(ask(target, CLIENT, "authentik_proxy_0a1b2c3d=invented" + i).status())
          .isIn(302, 400);
    }
    int asked = upstream.requests().size();
    assertThat(ask(target, CLIENT, "authentik_proxy_0a1b2c3d=another").status()).isEqualTo(429);
    assertThat(ask(RecordingUpstream.AUTH, CLIENT, "authentik_proxy_0a1b2c3d=other").status())
        .isEqualTo(429);
    assertThat(upstream.requests()).hasSize(asked);
  }

  @Test
  void signOutOfASession_isNeverRefused() throws IOException {
    assertThat(ask(RecordingUpstream.AUTH, CLIENT, COOKIE).status()).isEqualTo(200);
    for (int i = 0; i < 3; i++) {
      assertThat(ask(START, CLIENT, "authentik_proxy_0a1b2c3d=invented" + i).status())
          .isEqualTo(302);
    }
    assertThat(ask(START, CLIENT, "authentik_proxy_0a1b2c3d=another").status()).isEqualTo(429);
    assertThat(ask("/outpost.goauthentik.io/sign_out", CLIENT, COOKIE).status()).isEqualTo(302);
  }

  @Test
  void portsOfOneAddress_areOneClient() throws IOException {
    for (int i = 0; i < 3; i++) {
      assertThat(ask(RecordingUpstream.AUTH, CLIENT + ":" + (4711 + i), "").status())
          .isEqualTo(302);
    }
    assertThat(ask(RecordingUpstream.AUTH, CLIENT + ":4720", "").status()).isEqualTo(429);
    assertThat(ask(RecordingUpstream.AUTH, "192.0.2.8:4711", "").status()).isEqualTo(302);
  }

  private String metrics() throws IOException {
    return RawHttp.once(
            postern.adminPort(), RawHttp.get("/metrics", "Host: localhost", "Connection: close"))
        .body();
  }
}
