package dev.postern.testing.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.testing.RawHttp;
import dev.postern.testing.RawMessage;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RecordingUpstreamTest {
  private static final String HOST = "app.example.test";
  private static final String COOKIE = "authentik_proxy_51a54282=one";

  private final RecordingUpstream upstream = new RecordingUpstream();

  @AfterEach
  void stop() {
    upstream.close();
  }

  private RawMessage check(String uri, String... lines) throws IOException {
    String text =
        RawHttp.get(RecordingUpstream.AUTH, lines)
            .replaceFirst(
                "\r\n", "\r\nX-Forwarded-Host: " + HOST + "\r\nX-Forwarded-Uri: " + uri + "\r\n");
    return RawHttp.once(upstream.url().getPort(), text);
  }

  @Test
  void check_knownCookie_givesTheIdentityAndIsCounted() throws IOException {
    upstream.signIn(HOST, COOKIE, Identity.of("alice", "app"));

    RawMessage answer = check("/", "Cookie: a=b; " + COOKIE, "User-Agent: t/1");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.values("X-Authentik-Uid")).containsExactly("sub-alice");
    assertThat(answer.values("User-Agent")).containsExactly("t/1");
    assertThat(upstream.checks(HOST, COOKIE)).isOne();
    assertThat(upstream.checks("other.example.test", COOKIE)).isZero();
  }

  @Test
  void check_unknownCookie_isAChallengeWithItsOwnState() throws IOException {
    RawMessage first = check("/");
    RawMessage second = check("/");

    assertThat(first.status()).isEqualTo(302);
    assertThat(first.first("Location")).isNotEqualTo(second.first("Location"));
    assertThat(first.first("Set-Cookie")).isNotEqualTo(second.first("Set-Cookie"));
    assertThat(check("/", "Cookie: " + COOKIE).first("Set-Cookie")).isNull();
  }

  @Test
  void check_openHost_isABare200() throws IOException {
    upstream.open(HOST);
    assertThat(check("/").first("X-Authentik-Uid")).isNull();
    assertThat(check("/").status()).isEqualTo(200);
  }

  @Test
  void signOut_oneCookie_endsEverySessionOfThatPerson() throws IOException {
    upstream.signIn(HOST, COOKIE, Identity.of("alice", "app"));
    upstream.signIn(HOST, COOKIE + "2", Identity.of("alice", "app"));
    upstream.signIn(HOST, COOKIE + "3", Identity.of("bob", "app"));

    RawMessage answer = check("/?X-authentik-logout=true", "Cookie: " + COOKIE);

    assertThat(answer.first("Location")).contains("end-session/?id_token_hint=ey");
    assertThat(check("/", "Cookie: " + COOKIE + "2").status()).isEqualTo(302);
    assertThat(check("/", "Cookie: " + COOKIE + "3").status()).isEqualTo(200);
  }

  @Test
  void callback_withACookie_signsTheNextPersonIn() throws IOException {
    upstream.nextLogin(Identity.of("carol", "app"));
    String callback =
        RawHttp.get(
            "/outpost.goauthentik.io/callback?X-authentik-auth-callback=true&state=s",
            "Host: " + HOST,
            "Cookie: " + COOKIE);

    RawMessage answer = RawHttp.once(upstream.url().getPort(), callback);

    assertThat(answer.first("Set-Cookie")).startsWith(COOKIE);
    assertThat(check("/", "Cookie: " + COOKIE).first("X-Authentik-Uid")).isEqualTo("sub-carol");
    assertThat(check("/?X-authentik-auth-callback=true").status()).isEqualTo(400);
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"CLOSE_BEFORE_ANSWER", "TRUNCATED_BODY", "GARBAGE"})
  void check_brokenUpstream_givesNoCompleteResponse(Fault fault) {
    upstream.fail(fault);
    assertThatThrownBy(() -> check("/"))
        .isInstanceOfAny(IOException.class, IllegalArgumentException.class);
  }

  @Test
  void check_slowOrUnavailable_isACompleteResponse() throws IOException {
    upstream.signIn(HOST, COOKIE, Identity.of("alice", "app"));
    upstream.fail(Fault.SLOW);
    assertThat(check("/", "Cookie: " + COOKIE).first("X-Authentik-Uid")).isEqualTo("sub-alice");
    upstream.fail(Fault.UNAVAILABLE);
    assertThat(check("/").status()).isEqualTo(503);
    upstream.fail(Fault.WRONG_LENGTH);
    assertThat(check("/").body()).isEqualTo("01");
  }

  @Test
  void hold_selectedChecks_waitUntilTheGateOpens() throws Exception {
    upstream.signIn(HOST, COOKIE, Identity.of("alice", "app"));
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Gate gate = upstream.hold(check -> check.cookies().contains(COOKIE));
      Callable<RawMessage> held = () -> check("/", "Cookie: " + COOKIE);
      Future<RawMessage> waiting = threads.submit(held);
      gate.awaitHeld(1);

      assertThat(check("/").status()).isEqualTo(302);
      assertThat(waiting.isDone()).isFalse();
      gate.close();
      assertThat(waiting.get().status()).isEqualTo(200);
      assertThat(gate.held()).isOne();
    }
  }
}
