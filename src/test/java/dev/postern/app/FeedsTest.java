package dev.postern.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.config.FeedsConfig.Websocket;
import dev.postern.config.Secret;
import dev.postern.config.tls.ClientTls;
import dev.postern.demo.core.DemoApplication;
import dev.postern.demo.core.DemoUser;
import dev.postern.demo.idp.DemoIdentityProvider;
import dev.postern.demo.idp.Journal;
import dev.postern.demo.idp.OutpostSockets.SessionEndForm;
import dev.postern.net.Endpoint;
import dev.postern.testing.Await;
import dev.postern.testing.PosternConfig;
import dev.postern.testing.RawHttp;
import dev.postern.testing.RawMessage;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The websocket feed in a complete Postern.
class FeedsTest {
  private static final String HOST = "app.example.test";
  private static final String TOKEN = "outpost-token-Zx9";
  private static final Duration LIMIT = Duration.ofSeconds(30);

  @TempDir Path directory;
  private final DemoIdentityProvider provider =
      DemoIdentityProvider.builder()
          .outpost("6c0d3c62-0000-4000-8000-000000000001", TOKEN)
          .application(DemoApplication.individual("app", "https://" + HOST))
          .user(DemoUser.of("alice", "pw", "Alice", "a@example.test", List.of()))
          .start();
  private final URI url = URI.create("http://127.0.0.1:" + provider.address().getPort());

  @AfterEach
  void close() {
    provider.close();
  }

  private Sidecar postern(String token) throws StartException {
    return Sidecar.start(
        PosternConfig.of(url, directory)
            .websocket(
                new Websocket(
                    Endpoint.of(url.toString()),
                    provider.outpostId(),
                    new Secret(token),
                    ClientTls.STANDARD))
            .build());
  }

  private static String get(Sidecar postern, String path) throws IOException {
    return RawHttp.once(
            postern.adminPort(), RawHttp.get(path, "Host: localhost", "Connection: close"))
        .body();
  }

  private static JsonNode feeds(Sidecar postern) throws IOException {
    return new JsonMapper().readTree(get(postern, "/api/feeds"));
  }

  private static void awaitState(Sidecar postern, String state) {
    Await.until(state, LIMIT, () -> feeds(postern).path(0).path("state").asString().equals(state));
  }

  private static RawMessage ask(Sidecar postern, String cookie) throws IOException {
    return RawHttp.once(
        postern.authPort(),
        RawHttp.get(
            "/outpost.goauthentik.io/auth/traefik",
            "Host: postern",
            "X-Forwarded-Method: GET",
            "X-Forwarded-Proto: https",
            "X-Forwarded-Host: " + HOST,
            "X-Forwarded-Uri: /page",
            "Cookie: " + cookie,
            "Connection: close"));
  }

  private String sid(String cookie) {
    String digest = Journal.digest(cookie.substring(cookie.indexOf('=') + 1));
    return provider.journal().checks().stream()
        .filter(check -> check.identity() && check.cookie().equals(digest))
        .findFirst()
        .orElseThrow()
        .sid();
  }

  @Test
  void session_endedAtTheProvider_isNoLongerAHit() throws Exception {
    try (Sidecar postern = postern(TOKEN)) {
      awaitState(postern, "connected");
      String cookie = provider.login(HOST, "alice", "pw");
      String other = provider.login(HOST, "alice", "pw");
      ask(postern, cookie);
      ask(postern, other);
      assertThat(ask(postern, cookie).first("X-Postern-Cache")).isEqualTo("hit");

      provider.endSession(sid(cookie));
      Await.until(
          "session end received",
          LIMIT,
          () -> get(postern, "/metrics").contains("kind=\"session_end\"} 1"));

      assertThat(ask(postern, cookie).status()).isEqualTo(302);
      assertThat(ask(postern, other).status()).isEqualTo(200);
    }
  }

  @Test
  void session_whoseEndMessageWasLost_isNoHitAfterTheConnectionIsLost() throws Exception {
    try (Sidecar postern = postern(TOKEN)) {
      awaitState(postern, "connected");
      String cookie = provider.login(HOST, "alice", "pw");
      ask(postern, cookie);
      provider.sockets().sessionEndForm(SessionEndForm.NONE);
      provider.endSession(sid(cookie));
      assertThat(ask(postern, cookie).first("X-Postern-Cache"))
          .as("no message was sent")
          .isEqualTo("hit");

      provider.sockets().disconnect(1001);
      Await.until(
          "reconnected", LIMIT, () -> feeds(postern).path(0).path("reconnects").asInt() == 1);

      assertThat(ask(postern, cookie).status()).isEqualTo(302);
      awaitState(postern, "connected");
      assertThat(ask(postern, cookie).status()).isEqualTo(302);
    }
  }

  @Test
  void api_andMetrics_showTheFeed() throws Exception {
    try (Sidecar postern = postern(TOKEN)) {
      awaitState(postern, "connected");
      provider.refresh();
      Await.until(
          "update received", LIMIT, () -> get(postern, "/metrics").contains("kind=\"update\"} 1"));
      JsonNode feed = feeds(postern).path(0);
      assertThat(feed.propertyNames())
          .containsExactly("name", "state", "since", "lastEvent", "reconnects", "lastError");
      assertThat(feed.path("name").asString()).isEqualTo("websocket");
      assertThat(feed.path("lastEvent").isString()).isTrue();
      assertThat(feed.path("reconnects").asInt()).isZero();
      assertThat(feed.path("lastError").isNull()).isTrue();
      assertThat(get(postern, "/metrics"))
          .contains("postern_feed_connected{feed=\"websocket\"} 1")
          .contains("postern_feed_reconnects_total{feed=\"websocket\"} 0")
          .containsPattern(
              "postern_feed_last_event_timestamp_seconds\\{feed=\"websocket\"} 1\\.[0-9]+e\\+09");
    }
  }

  @Test
  void api_ofAFeedWithAWrongToken_namesTheErrorWithoutTheToken() throws Exception {
    try (Sidecar postern = postern("wrong-hunter2")) {
      awaitState(postern, "lost");
      String text = get(postern, "/api/feeds");
      assertThat(text).contains("refuses the token (403)").doesNotContain("hunter2");
      assertThat(get(postern, "/metrics")).contains("postern_feed_connected{feed=\"websocket\"} 0");
      assertThat(ask(postern, provider.login(HOST, "alice", "pw")).status())
          .as("verdicts do not need the feed")
          .isEqualTo(200);
    }
  }

  @Test
  void api_withoutFeeds_isAnEmptyList() throws Exception {
    try (Sidecar postern = Sidecar.start(PosternConfig.of(url, directory).build())) {
      assertThat(feeds(postern).isEmpty()).isTrue();
      assertThat(get(postern, "/metrics")).doesNotContain("postern_feed_");
    }
  }
}
