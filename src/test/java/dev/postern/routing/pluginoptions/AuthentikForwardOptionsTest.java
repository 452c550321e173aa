package dev.postern.routing.pluginoptions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.app.Sidecar;
import dev.postern.demo.core.DemoApplication;
import dev.postern.demo.core.DemoUser;
import dev.postern.demo.idp.DemoIdentityProvider;
import dev.postern.demo.idp.Hold;
import dev.postern.testing.Await;
import dev.postern.testing.PosternConfig;
import dev.postern.testing.RawHttp;
import dev.postern.testing.RawMessage;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Each option of the published `authentik-forward` plugin, tested with the whole program and the
/// demo identity provider, which responds like authentik's outpost.
class AuthentikForwardOptionsTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String APP = "app.domain.test";
  private static final String OTHER = "other.domain.test";

  @TempDir Path directory;
  private final DemoIdentityProvider provider =
      DemoIdentityProvider.builder()
          .application(DemoApplication.individual("app", "https://" + APP))
          .application(DemoApplication.individual("other", "https://" + OTHER))
          .user(DemoUser.of("alice", "pw", "Alice", "a@example.test", List.of()))
          .start();
  private @Nullable Sidecar postern;

  @AfterEach
  void stop() {
    if (postern != null) {
      postern.close();
    }
    provider.close();
  }

  /// Starts with a block that no router uses, so that it applies to every request.
  private void start(String options) throws Exception {
    rules(block(options));
    URI url = URI.create("http://127.0.0.1:" + provider.address().getPort());
    postern =
        Sidecar.start(
            PosternConfig.of(url, directory.resolve("state"))
                .rules(rulesDirectory())
                .cacheStatusToClients()
                .build());
  }

  private Path rulesDirectory() throws IOException {
    return Files.createDirectories(directory.resolve("rules"));
  }

  private static String block(String options) {
    return "http: { middlewares: { my-auth: { plugin: { authentik-forward: { "
        + options
        + " } } } } }\n";
  }

  private void rules(String text) throws IOException {
    Path fresh = Files.writeString(directory.resolve("fresh"), text);
    Files.move(
        fresh,
        rulesDirectory().resolve("auth.yml"),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  private Sidecar running() {
    if (postern == null) {
      throw new IllegalStateException("not started");
    }
    return postern;
  }

  private RawMessage ask(String host, String uri, String... more) throws IOException {
    String lines =
        "GET /outpost.goauthentik.io/auth/traefik HTTP/1.1\r\n"
            + "Host: postern\r\n"
            + "Connection: close\r\n"
            + ("X-Forwarded-Method: GET\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: " + host)
            + ("\r\nX-Forwarded-Uri: " + uri + "\r\nX-Forwarded-For: 192.0.2.7\r\n");
    String rest = more.length == 0 ? "" : String.join("\r\n", more) + "\r\n";
    return RawHttp.once(running().authPort(), lines + rest + "\r\n");
  }

  private RawMessage ask(String uri) throws IOException {
    return ask(APP, uri);
  }

  private String overview() throws IOException {
    String request = RawHttp.get("/api/overview", "Host: localhost", "Connection: close");
    return RawHttp.once(running().adminPort(), request).body();
  }

  private static void assertRefused(RawMessage answer, int status) {
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.values("Location")).isEmpty();
    assertThat(answer.values("Content-Type")).isEmpty();
    assertThat(answer.body()).isEmpty();
    assertThat(answer.values("Cache-Control")).containsExactly("no-store");
  }

  private static void assertChallenge(RawMessage answer, int status) {
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.values("Location")).hasSize(1).first().asString().contains("authorize");
    assertThat(answer.values("Set-Cookie")).isNotEmpty();
    assertThat(answer.values("Cache-Control")).containsExactly("no-store");
  }

  @Test
  void cacheDuration_storesForThatLong_andZeroDisablesCaching() throws Exception {
    String alice = "Cookie: " + provider.login(APP, "alice", "pw");
    start("cacheDuration: 30s");
    provider.journal().clear();
    for (int i = 0; i < 5; i++) {
      assertThat(ask(APP, "/", alice).status()).isEqualTo(200);
    }
    assertThat(provider.journal().checks()).hasSize(1);

    rules(block("cacheDuration: 0s"));
    Await.until(
        "nothing is remembered any more",
        LIMIT,
        () -> ask(APP, "/", alice).values("X-Postern-Cache").equals(List.of("bypass")));
    provider.journal().clear();
    ask(APP, "/", alice);
    ask(APP, "/", alice);
    assertThat(provider.journal().checks()).hasSize(2);
  }

  @Test
  void cacheDuration_isNeverOneKeyForAllHosts() throws Exception {
    String alice = "Cookie: " + provider.login(APP, "alice", "pw");
    start("cacheDuration: 30s");
    assertThat(ask(APP, "/", alice).status()).isEqualTo(200);
    assertRefused(ask(OTHER, "/", alice), 401);
  }

  @Test
  void cacheDuration_neverStoresA401() throws Exception {
    start("cacheDuration: 30s");
    RawMessage one = ask("/");
    RawMessage other = ask("/");
    assertRefused(one, 401);
    assertThat(one.values("Set-Cookie")).as("the cookie of this one challenge").hasSize(1);
    assertThat(other.values("Set-Cookie")).doesNotContainAnyElementsOf(one.values("Set-Cookie"));
    assertThat(provider.journal().checks()).hasSize(2);
  }

  @Test
  void skippedPaths_rejectsTheLoadAndNamesTheFix() throws Exception {
    start("skippedPaths: ['^/public']");
    assertThat(overview())
        .contains("auth.yml:1: http.middlewares.my-auth.plugin.authentik-forward.skippedPaths")
        .contains("Unauthenticated Paths");
    assertChallenge(ask("/public"), 302);
  }

  @Test
  void unauthorizedPaths_areRefusedWithoutARedirect() throws Exception {
    start("unauthorizedPaths: ['^/api/.*$'], redirectPaths: ['^/']");
    assertRefused(ask("/api/users?page=1"), 401);
    assertRefused(ask("/%61pi/users"), 401);
    assertChallenge(ask("/app"), 302);
  }

  @Test
  void unauthorizedPaths_leftOut_areAllPaths() throws Exception {
    start("address: 'http://authentik.test'");
    assertRefused(ask("/anything"), 401);
  }

  @Test
  void unauthorizedPaths_ofOneLength_comeBeforeRedirectPaths() throws Exception {
    start("unauthorizedPaths: ['^/aa'], redirectPaths: ['^/[a]', '^/a.']");
    assertChallenge(ask("/aa"), 302);
    rules(block("unauthorizedPaths: ['^/aa'], redirectPaths: ['^/a.']"));
    Await.until("the tie decides", LIMIT, () -> ask("/aa").status() == 401);
  }

  @Test
  void unauthorizedPaths_allowsAreNotTouched() throws Exception {
    start("unauthorizedPaths: ['.*']");
    String alice = "Cookie: " + provider.login(APP, "alice", "pw");
    RawMessage answer = ask(APP, "/api", alice);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.values("X-authentik-username")).containsExactly("alice");
  }

  @Test
  void unauthorizedPaths_requestsWithABody_areRefusedAlike() throws Exception {
    start("unauthorizedPaths: ['^/api'], redirectPaths: ['^/'], redirectStatusCode: 303");
    assertRefused(post("/api"), 401);
    assertChallenge(post("/x"), 303);
  }

  /// As Traefik sends it with `forwardBody`.
  private RawMessage post(String uri) throws IOException {
    return RawHttp.once(
        running().authPort(),
        "POST /outpost.goauthentik.io/auth/traefik HTTP/1.1\r\n"
            + "Host: postern\r\n"
            + "Connection: close\r\n"
            + ("X-Forwarded-Method: POST\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: " + APP)
            + ("\r\nX-Forwarded-Uri: " + uri + "\r\nContent-Length: 3\r\n\r\na=b"));
  }

  @Test
  void unauthorizedPaths_outpostFlagsInTheQuery_areNeverRewritten() throws Exception {
    start("unauthorizedPaths: ['.*']");
    for (String flag : List.of("X-authentik-auth-callback=true", "x-authentik-logout=true")) {
      RawMessage plain = ask("/page?a=b&" + flag);
      assertThat(plain.status()).as(flag).isNotEqualTo(401);
      assertThat(plain.values("X-Postern-Cache")).containsExactly("bypass");
    }
  }

  @Test
  void redirectPaths_areRedirectedToTheLogin_whereTheirPatternIsTheLongest() throws Exception {
    start("redirectPaths: ['^/app/.*$', '^/$']");
    assertChallenge(ask("/app/page"), 302);
    assertRefused(ask("/"), 401);
  }

  /// The original plugin allows such a request.
  @Test
  void redirectPaths_pathThatNothingMatches_isNeverLetThrough() throws Exception {
    start("unauthorizedPaths: ['^/api/'], redirectPaths: ['^/app/']");
    RawMessage answer = ask("/elsewhere");
    assertChallenge(answer, 302);
    assertThat(overview()).contains("that plugin allows them without a login");
  }

  @Test
  void unauthorizedStatusCode_isTheStatusOfARefusal() throws Exception {
    start("unauthorizedStatusCode: '403'");
    assertRefused(ask("/"), 403);
  }

  @ParameterizedTest
  @ValueSource(strings = {"200", "204", "302", "500"})
  void unauthorizedStatusCode_thatIsNoRefusal_refusesTheLoad(String status) throws Exception {
    start("unauthorizedStatusCode: " + status);
    assertThat(overview()).contains("unauthorizedStatusCode: " + status);
    assertChallenge(ask("/"), 302);
  }

  @Test
  void redirectStatusCode_isTheStatusOfARedirect() throws Exception {
    start("redirectPaths: ['^/anything.*'], redirectStatusCode: 307");
    assertChallenge(ask("/anything"), 307);
  }

  @Test
  void timeout_boundsTheCheck() throws Exception {
    start("timeout: 50ms");
    try (Hold hold = provider.faults().holdBefore()) {
      RawMessage answer = ask("/");
      assertThat(answer.status()).isEqualTo(504);
      assertThat(hold.awaitHeld(1, LIMIT)).isTrue();
      assertThat(metrics())
          .contains("postern_upstream_errors_total{kind=\"option_timeout\"} 1\n")
          .contains("postern_upstream_errors_total{kind=\"timeout\"} 0\n");
    }
  }

  private String metrics() throws IOException {
    String request = RawHttp.get("/metrics", "Host: localhost", "Connection: close");
    return RawHttp.once(running().adminPort(), request).body();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ca: /etc/ssl/ca.pem",
        "cert: /etc/ssl/client.pem, key: /etc/ssl/client.key",
        "minVersion: 13",
        "maxVersion: 12",
        "insecureSkipVerify: true"
      })
  void tls_isNotReadFromRules_andIsReported(String option) throws Exception {
    start("tls: { " + option + " }");
    assertThat(overview())
        .contains("plugin.authentik-forward.tls." + option.substring(0, option.indexOf(':')))
        .contains("\"status\":\"good\"");
    assertRefused(ask("/"), 401);
  }

  @Test
  void address_thatIsNotTheUpstream_isNotUsed() throws Exception {
    start("address: 'http://192.0.2.1:9000'");
    assertThat(overview()).contains("http://192.0.2.1:9000").contains("Postern calls upstream.url");
    assertRefused(ask("/"), 401);
    assertThat(provider.journal().checks()).hasSize(1);
  }

  @Test
  void block_routerThatUsesIt_isTheOnlyOneThatItAppliesTo() throws Exception {
    start("redirectPaths: ['^/[^/]*$']");
    rules(
        """
        http:
          routers:
            api: { rule: "Host(`app.domain.test`)", middlewares: [chained], service: s, tls: {} }
            web: { rule: "Host(`other.domain.test`)", service: s, tls: {} }
          services: { s: { loadBalancer: { servers: [{ url: "http://127.0.0.1" }] } } }
          middlewares:
            chained: { chain: { middlewares: [my-auth] } }
            my-auth: { plugin: { authentik-forward: {} } }
            unused: { plugin: { postern: { timeout: 20s } } }
        """);
    Await.until("the routers are known", LIMIT, () -> ask(APP, "/").status() == 401);
    assertChallenge(ask(OTHER, "/"), 302);
  }
}
