package dev.postern.demo.idp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.demo.core.DemoApplication;
import dev.postern.demo.core.DemoUser;
import dev.postern.demo.core.Jwt;
import dev.postern.demo.golang.GoQuery;
import dev.postern.demo.http.Header;
import dev.postern.demo.http.Headers;
import dev.postern.demo.http.HttpRequest;
import dev.postern.demo.http.Reply;
import dev.postern.demo.outpost.Outpost;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Behaviour described in docs/design/authentik.md that the recorded exchanges do not show.
final class OutpostQuirksTest {
  private final MutableClock clock = new MutableClock();
  private DemoIdentityProvider provider = start(Outpost.Store.FILES);

  private DemoIdentityProvider start(Outpost.Store store) {
    return DemoIdentityProvider.builder()
        .clock(clock)
        .store(store)
        .application(DemoApplication.catchAll("one", "https://a.tie.test", "tie.test"))
        .application(DemoApplication.catchAll("two", "https://b.tie.test", ".tie.test"))
        .application(DemoApplication.individual("app", "https://app.test"))
        .application(DemoApplication.catchAll("port", "http://auth.p.test:81", "p.test:81"))
        .user(DemoUser.of("alice", "pw", "Alice", "a@test", List.of()))
        .user(DemoUser.of("bob", "pw", "Bob", "b@test", List.of()))
        .start();
  }

  @AfterEach
  void close() {
    provider.close();
  }

  private Reply.Response get(String target, Header... headers) {
    var request = new HttpRequest("GET", target, List.of(headers), new byte[0], provider.address());
    return (Reply.Response) provider.outpost().handle(request).reply();
  }

  private Reply.Response check(String host, String cookie) {
    return get(
        Outpost.PREFIX + "/auth/traefik",
        new Header("X-Forwarded-Proto", "https"),
        new Header("X-Forwarded-Host", host),
        new Header("X-Forwarded-Uri", "/"),
        new Header("Cookie", cookie));
  }

  private static String firstCookie(Reply.Response response) {
    String line = response.header("Set-Cookie");
    return line.substring(0, line.indexOf(';'));
  }

  @Test
  void files_stringFromBeforeTheLogin_carriesTheIdentityUntilTheSessionEnds() {
    String before = firstCookie(check("app.test", ""));
    clock.advance(Duration.ofSeconds(2));
    var session = provider.core().login("alice", "pw").orElseThrow();
    String after =
        new ScriptedLogin(provider.core(), provider.outpost()).cookie("app.test", session, before);
    assertThat(after).isNotEqualTo(before);
    assertThat(check("app.test", before).header("X-Authentik-Uid")).isEqualTo("sub-alice");
    assertThat(check("app.test", after).header("X-Authentik-Uid")).isEqualTo("sub-alice");
    provider.endSession(session.sid());
    assertThat(check("app.test", before).status()).isEqualTo(302);
    assertThat(check("app.test", after).status()).isEqualTo(302);
  }

  @Test
  void files_cookieAttributes_areThoseOfTheApplicationLoadedLast() {
    assertThat(check("app.test", "").header("Set-Cookie")).doesNotContain("Secure");
  }

  @Test
  void resolution_equalCookieDomains_flipFromRequestToRequest() {
    Set<String> clients = new HashSet<>();
    for (int i = 0; i < 200; i++) {
      String location = check("x.tie.test", "").header("Location");
      clients.add(GoQuery.get(location.substring(location.indexOf('?') + 1), "client_id"));
    }
    assertThat(clients).containsExactlyInAnyOrder("cid-one", "cid-two");
  }

  @Test
  void postgresql_cookieDomainWithPort_isWrittenWithoutIt() {
    provider.close();
    provider = start(Outpost.Store.POSTGRESQL);
    assertThat(check("x.p.test:81", "").header("Set-Cookie")).contains("; Domain=p.test; ");
    assertThat(check("x.p.test", "").status()).isEqualTo(404);
  }

  @ParameterizedTest
  @CsvSource({
    "app.test, https%3A%2F%2Fapp.test%2Fx, https://app.test/x",
    "app.test, %2Fx, https://app.test/x",
    "app.test, https%3A%2F%2Fevil.test%2Fx, ''",
    "a.tie.test, https%3A%2F%2Fz.tie.test%2Fx, https://z.tie.test/x",
    "a.tie.test, https%3A%2F%2Fz.tie.test%3A8443%2Fx, https://z.tie.test:8443/x",
    "a.tie.test, https%3A%2F%2Fevil.test%2Fx, ''"
  })
  void start_redirectParameter_isCheckedByMode(String host, String target, String redirect) {
    Reply.Response response =
        get(Outpost.PREFIX + "/start?rd=" + target, new Header("X-Forwarded-Host", host));
    String location = response.header("Location");
    String state = location.substring(location.indexOf("&state=") + "&state=".length());
    Map<String, Object> claims = Jwt.claims(state).orElseThrow();
    assertThat(claims).containsEntry("redirect", redirect);
  }

  @Test
  void signOut_path_endsAllSessionsOfThePersonAndNoOther() {
    String here = provider.login("app.test", "alice", "pw");
    String there = provider.login("app.test", "alice", "pw");
    String bob = provider.login("app.test", "bob", "pw");
    Reply.Response out =
        get(
            Outpost.PREFIX + "/sign_out",
            new Header("X-Forwarded-Host", "app.test"),
            new Header("Cookie", here));
    assertThat(out.status()).isEqualTo(302);
    assertThat(out.header("Location")).contains("/application/o/app/end-session/?id_token_hint=");
    assertThat(Headers.has(out.headers(), "Set-Cookie")).isFalse();
    assertThat(check("app.test", there).status()).isEqualTo(302);
    assertThat(check("app.test", bob).status()).isEqualTo(200);
    assertThat(provider.journal().revocations().getLast().kind()).isEqualTo("sign-out");
  }

  @Test
  void endSession_emptySid_endsAllSessionsWithoutOne() {
    Header basic = new Header("Authorization", "Basic YWxpY2U6cHc=");
    Header host = new Header("X-Forwarded-Host", "app.test");
    Header proto = new Header("X-Forwarded-Proto", "https");
    String cookie = firstCookie(get(Outpost.PREFIX + "/auth/traefik", host, proto, basic));
    assertThat(check("app.test", cookie).status()).isEqualTo(200);
    assertThat(provider.outpost().endSession("")).isEqualTo(1);
    assertThat(check("app.test", cookie).status()).isEqualTo(302);
  }

  @Test
  void refresh_dropsTheAuthorizationCacheAndKeepsSessions() {
    String cookie = provider.login("app.test", "alice", "pw");
    Header[] basic = {
      new Header("X-Forwarded-Host", "app.test"),
      new Header("X-Forwarded-Proto", "https"),
      new Header("Authorization", "Basic Ym9iOnB3")
    };
    String path = Outpost.PREFIX + "/auth/traefik";
    assertThat(Headers.has(get(path, basic).headers(), "Set-Cookie")).isTrue();
    assertThat(Headers.has(get(path, basic).headers(), "Set-Cookie")).isFalse();
    provider.refresh();
    assertThat(Headers.has(get(path, basic).headers(), "Set-Cookie")).isTrue();
    assertThat(check("app.test", cookie).status()).isEqualTo(200);
  }
}
