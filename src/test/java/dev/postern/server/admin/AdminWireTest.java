package dev.postern.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.app.Sidecar;
import dev.postern.app.StartException;
import dev.postern.config.StaticConfig;
import dev.postern.config.load.StaticConfigLoader;
import dev.postern.config.load.StaticConfigLoader.Loaded;
import dev.postern.config.load.StaticConfigLoader.Refused;
import dev.postern.testing.AdminApi;
import dev.postern.testing.PosternConfig;
import dev.postern.testing.RawHttp;
import dev.postern.testing.RawMessage;
import dev.postern.testing.upstream.Identity;
import dev.postern.testing.upstream.RecordingUpstream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The admin API over the wire: its responses, and attempts to bypass its rules.
class AdminWireTest {
  private static final String COOKIE = "authentik_proxy_0a1b2c3d=cookie-of-alice";
  private static final String TOKEN = "t0k3n-of-the-admin";
  private static final List<String> VIEWS =
      List.of("/api/overview", "/api/entries", "/api/feeds", "/api/config");

  @TempDir static Path state;
  private static RecordingUpstream upstream;
  private static Sidecar open;
  private static Sidecar guarded;

  @BeforeAll
  static void start() throws StartException {
    upstream = new RecordingUpstream();
    open = Sidecar.start(PosternConfig.of(upstream.url(), state).build());
    guarded = Sidecar.start(PosternConfig.of(upstream.url(), state).token(TOKEN).build());
  }

  @BeforeEach
  void forgetAll() throws IOException {
    int _ = new AdminApi(open.adminPort()).revoke("{\"all\":true}");
  }

  @AfterAll
  static void stop() {
    open.close();
    guarded.close();
    upstream.close();
  }

  private void storeAllow(Sidecar postern, String host) throws IOException {
    upstream.signIn(host, COOKIE, Identity.of("alice", "app"));
    RawMessage answer =
        RawHttp.once(
            postern.authPort(),
            RawHttp.get(
                RecordingUpstream.AUTH,
                "Host: postern",
                "X-Forwarded-Method: GET",
                "X-Forwarded-Proto: https",
                "X-Forwarded-Host: " + host,
                "X-Forwarded-Uri: /secret/path",
                "X-Forwarded-For: 192.0.2.7",
                "Cookie: " + COOKIE));
    assertThat(answer.first("X-Postern-Cache")).isEqualTo("miss");
  }

  private static RawMessage send(Sidecar postern, String head, String body) throws IOException {
    return RawHttp.once(
        postern.adminPort(), head + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
  }

  private static RawMessage get(Sidecar postern, String target, String... lines)
      throws IOException {
    return RawHttp.once(postern.adminPort(), RawHttp.get(target, lines));
  }

  private static JsonNode json(Sidecar postern, String target) throws IOException {
    RawMessage answer = get(postern, target, "Host: localhost");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.first("Content-Type")).isEqualTo("application/json");
    assertThat(answer.first("Cache-Control")).isEqualTo("no-store");
    return JsonMapper.shared().readTree(answer.body());
  }

  @Test
  void entries_areCountedByApplicationWithoutACredential() throws IOException {
    storeAllow(open, "a.example.test");
    storeAllow(open, "b.example.test");

    JsonNode entries = json(open, "/api/entries");

    assertThat(entries.get("entries").intValue()).isEqualTo(2);
    assertThat(entries.get("bytes").intValue()).isGreaterThan(1000);
    assertThat(entries.get("maxBytes").intValue()).isEqualTo(64 << 20);
    assertThat(entries.get("applications").findValuesAsString("application"))
        .containsExactly("a.example.test", "b.example.test");
    assertThat(entries.get("applications").get(0).get("entries").intValue()).isEqualTo(1);
    assertThat(entries.get("applications").get(0).get("bytes").intValue()).isPositive();
    assertThat(entries.toString()).doesNotContain("alice", "cookie", "secret", "0a1b2c3d", "eyJ");
  }

  @Test
  void entries_ofVeryManyApplications_areSummedUp() throws IOException {
    for (int i = 0; i < 130; i++) {
      storeAllow(open, "a" + i + ".example.test");
    }
    JsonNode entries = json(open, "/api/entries");
    assertThat(entries.get("entries").intValue()).isEqualTo(130);
    assertThat(entries.get("applications").size()).isEqualTo(100);
    assertThat(entries.get("applicationsNotShown").intValue()).isEqualTo(30);
    assertThat(entries.get("entriesNotShown").intValue()).isEqualTo(30);
  }

  @Test
  void config_isTheEffectiveOneWithoutSecrets() throws IOException, StartException {
    try (Sidecar postern = Sidecar.start(configured())) {
      RawMessage answer = get(postern, "/api/config", "Host: x", "Authorization: Bearer " + TOKEN);
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body()).doesNotContain(TOKEN);
      JsonNode config = JsonMapper.shared().readTree(answer.body());
      assertThat(config.at("/admin/token").stringValue()).isEqualTo("***");
      assertThat(config.at("/upstream/url").stringValue()).isEqualTo(upstream.url().toString());
      assertThat(config.at("/cache/ttl").stringValue()).isEqualTo("1m");
      assertThat(config.at("/accessLog/filters.statusCodes").stringValue()).isEqualTo("401");
      assertThat(config.has("entryPoints.auths")).isTrue();
    }
  }

  private static StaticConfig configured() {
    List<String> flags =
        List.of(
            "--upstream.url=" + upstream.url(),
            "--entryPoints.auths.address=127.0.0.1:0",
            "--entryPoints.admin.address=127.0.0.1:0",
            "--stateDirectory=" + state,
            "--accessLog.filePath=" + state.resolve("access.log"),
            "--accessLog.filters.statusCodes=401",
            "--admin.token=" + TOKEN);
    return switch (new StaticConfigLoader(Map.of()).load(flags)) {
      case Loaded<StaticConfig>(var config, _) -> config;
      case Refused<StaticConfig>(var problems) -> throw new AssertionError(problems);
    };
  }

  @Test
  void ping_needsNoToken() throws IOException {
    for (Sidecar postern : List.of(open, guarded)) {
      RawMessage answer = get(postern, "/ping", "Host: evil.test", "Origin: http://evil.test");
      assertThat(answer.status()).isEqualTo(200);
    }
  }

  /// A foreign page whose host name resolves to loopback must not read it through a browser.
  @Test
  void metrics_onLoopback_needNoTokenButALoopbackHost() throws IOException {
    for (Sidecar postern : List.of(open, guarded)) {
      assertThat(get(postern, "/metrics", "Host: localhost").status()).isEqualTo(200);
      assertThat(get(postern, "/metrics", "Host: 127.0.0.1:9300").status()).isEqualTo(200);
      assertThat(get(postern, "/metrics", "Host: evil.test").status()).isEqualTo(403);
      assertThat(get(postern, "/metrics", "Host: localhost.evil.test").status()).isEqualTo(403);
    }
  }

  static Stream<String> everything() {
    return Stream.concat(VIEWS.stream(), Stream.of("/api/revocations"));
  }

  @ParameterizedTest
  @MethodSource("everything")
  void token_missingOrWrong_isRefusedEverywhere(String path) throws IOException {
    for (String authorization :
        List.of(
            "X: y",
            "Authorization: Bearer wrong",
            "Authorization: Bearer",
            "Authorization: Basic " + TOKEN,
            "Authorization: " + TOKEN,
            "Cookie: token=" + TOKEN,
            "X-Forwarded-For: 127.0.0.1")) {
      for (String method : List.of("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH")) {
        RawMessage answer =
            RawHttp.once(
                guarded.adminPort(),
                RawHttp.request(
                    method, path, List.of("Host: localhost", authorization, "Content-Length: 0")));
        assertThat(answer.status()).as(method + " " + authorization).isEqualTo(401);
        assertThat(answer.first("WWW-Authenticate")).isEqualTo("Bearer");
      }
    }
    assertThat(get(guarded, path + "?token=" + TOKEN, "Host: localhost").status()).isEqualTo(401);
  }

  @ParameterizedTest
  @MethodSource("everything")
  void hostThatIsNotLoopback_withoutAToken_isRefusedEverywhere(String path) throws IOException {
    for (String host : List.of("evil.test", "evil.test:9300", "localhost.evil.test", "10.0.0.1")) {
      assertThat(get(open, path, "Host: " + host).status()).as(host).isEqualTo(403);
    }
    assertThat(get(open, path, "Host: localhost", "Host: evil.test").status()).isEqualTo(400);
    assertThat(get(open, path, "Host: evil.test", "X-Forwarded-Host: localhost").status())
        .isEqualTo(403);
  }

  @ParameterizedTest
  @MethodSource("everything")
  void originOfAnotherPage_isRefusedEverywhereWithAndWithoutTheToken(String path)
      throws IOException {
    for (String origin : List.of("http://evil.test", "null", "http://localhost.evil.test", "")) {
      assertThat(get(open, path, "Host: localhost", "Origin: " + origin).status()).isEqualTo(403);
      RawMessage guardedAnswer =
          get(
              guarded,
              path,
              "Host: localhost",
              "Origin: " + origin,
              "Authorization: Bearer " + TOKEN);
      assertThat(guardedAnswer.status()).isEqualTo(403);
    }
  }

  /// A path that is not in canonical form must not bypass the rules.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/overview/",
        "/API/overview",
        "/api//overview",
        "//api/overview",
        "/./api/overview",
        "/ping/../api/overview",
        "/api/%6fverview",
        "/api%2foverview",
        "/api/overview%00",
        "/"
      })
  void pathInAnotherSpelling_isNotServed(String path) throws IOException {
    assertThat(get(guarded, path, "Host: localhost").status()).isIn(400, 401, 404);
    assertThat(get(open, path, "Host: evil.test").status()).isIn(400, 403, 404);
  }

  @Test
  void absoluteTarget_doesNotReplaceTheHost() throws IOException {
    assertThat(get(open, "http://localhost/api/overview", "Host: evil.test").status())
        .isIn(400, 403);
    assertThat(get(open, "http://evil.test/api/overview", "Host: evil.test").status())
        .isEqualTo(403);
  }

  @Test
  void preflight_isNeverAnsweredWithPermission() throws IOException {
    RawMessage answer =
        RawHttp.once(
            open.adminPort(),
            RawHttp.request(
                "OPTIONS",
                "/api/revocations",
                List.of(
                    "Host: localhost",
                    "Origin: http://evil.test",
                    "Access-Control-Request-Method: POST")));
    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.fields())
        .noneMatch(field -> field.name().regionMatches(true, 0, "access-control", 0, 14));
  }

  @ParameterizedTest
  @CsvSource({
    "application/json, 200",
    "APPLICATION/JSON; charset=utf-8, 200",
    "text/plain, 415",
    "application/x-www-form-urlencoded, 415",
    "multipart/form-data; boundary=x, 415",
    "application/jsonp, 415",
    "'', 415"
  })
  void revocation_needsAContentTypeThatNoFormCanSend(String type, int status) throws IOException {
    storeAllow(open, "a.example.test");
    RawMessage answer =
        send(
            open,
            "POST /api/revocations HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + type,
            "{\"all\":true}");
    assertThat(answer.status()).isEqualTo(status);
    assertThat(json(open, "/api/entries").get("entries").intValue())
        .isEqualTo(status == 200 ? 0 : 1);
  }

  @Test
  void revocation_withTwoContentTypesOrNone_isRefused() throws IOException {
    String head = "POST /api/revocations HTTP/1.1\r\nHost: localhost";
    assertThat(send(open, head, "{\"all\":true}").status()).isEqualTo(415);
    String two = head + "\r\nContent-Type: application/json\r\nContent-Type: text/plain";
    assertThat(send(open, two, "{\"all\":true}").status()).isEqualTo(415);
  }

  private RawMessage revoke(String body) throws IOException {
    return send(
        open,
        "POST /api/revocations HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json",
        body);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"sid\":\"sid-alice\"} | 2",
        "{\"sub\":\"sub-alice\"} | 2",
        "{\"application\":\"a.example.test\"} | 1",
        "{\"application\":\"app\"} | 2",
        "{\"all\":true} | 2",
        "{\"sid\":\"sid-bob\"} | 0",
        "{\"application\":\"other\"} | 0"
      })
  void revocation_returnsTheNumberOfRemovedEntries(String body, int removed) throws IOException {
    storeAllow(open, "a.example.test");
    storeAllow(open, "b.example.test");
    RawMessage answer = revoke(body);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body().strip()).isEqualTo("{\"removed\":" + removed + "}");
    assertThat(json(open, "/api/entries").get("entries").intValue()).isEqualTo(2 - removed);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{\"all\":true}{\"all\":true}",
        "{\"all\":true} x",
        "{\"all\":true,\"all\":true}",
        "{\"sid\":\"a\",\"sub\":\"b\"}",
        "{\"all\":false}",
        "{\"sid\":\"\\ud800"
      })
  void revocation_invalid_isRefusedAndRevokesNothing(String body) throws IOException {
    storeAllow(open, "a.example.test");
    RawMessage answer = revoke(body);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body()).startsWith("{\"message\":");
    assertThat(json(open, "/api/entries").get("entries").intValue()).isEqualTo(1);
  }

  @Test
  void revocation_deepOrLarge_isRefused() throws IOException {
    assertThat(revoke("[".repeat(10_000)).status()).isEqualTo(400);
    assertThat(revoke("{\"sid\":\"" + "a".repeat(20_000) + "\"}").status()).isEqualTo(413);
    String chunk = "1000\r\n" + " ".repeat(0x1000) + "\r\n";
    RawMessage chunked =
        RawHttp.once(
            open.adminPort(),
            "POST /api/revocations HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json"
                + "\r\nTransfer-Encoding: chunked\r\n\r\n"
                + chunk.repeat(5)
                + "0\r\n\r\n");
    assertThat(chunked.status()).as("a body without Content-Length is not read").isEqualTo(411);
  }

  @Test
  void methods_notAllowed_areRefusedWithTheAllowedOnes() throws IOException {
    RawMessage view = send(open, "POST /api/config HTTP/1.1\r\nHost: localhost", "");
    assertThat(view.status()).isEqualTo(405);
    assertThat(view.first("Allow")).isEqualTo("GET, HEAD");
    RawMessage revocations = get(open, "/api/revocations", "Host: localhost");
    assertThat(revocations.status()).isEqualTo(405);
    assertThat(revocations.first("Allow")).isEqualTo("POST");
  }
}
