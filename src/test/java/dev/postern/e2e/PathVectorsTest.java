package dev.postern.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.app.Sidecar;
import dev.postern.app.StartException;
import dev.postern.testing.Fields;
import dev.postern.testing.PosternConfig;
import dev.postern.testing.RawHttp;
import dev.postern.testing.RawMessage;
import dev.postern.testing.upstream.Check;
import dev.postern.testing.upstream.Exchanges;
import dev.postern.testing.upstream.Identity;
import dev.postern.testing.upstream.RecordingUpstream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// Paths of `paths.json`: Traefik has cleaned them before the check, so Postern must not change any
/// byte.
///
/// `routingPath`, `denyFragment` and `denyEncodedCharacters` concern Traefik alone: it refuses or
/// routes requests by them; their results never reach Postern.
class PathVectorsTest {
  private static final String HOST = "app.example.test";
  private static final String COOKIE = "authentik_proxy_51a54282=alice-1";

  @TempDir Path state;
  private final RecordingUpstream upstream = new RecordingUpstream();
  private Sidecar postern;

  @BeforeEach
  void start() throws StartException {
    postern = Sidecar.start(PosternConfig.of(upstream.url(), state).build());
  }

  @AfterEach
  void stop() {
    postern.close();
    upstream.close();
  }

  /// Every well-formed path of the tables, before and after Traefik cleaned it.
  static List<String> paths() {
    return Stream.of(
            table("sanitize", "path"),
            table("sanitize", "expected"),
            table("entryPoint", "rawPath"),
            table("entryPoint", "expectedRaw"),
            table("normalize", "rawPath"),
            table("normalize", "expected"))
        .flatMap(s -> s)
        .distinct()
        .toList();
  }

  static List<String> malformed() {
    return cases("normalizeMalformed")
        .filter(c -> c.path("wantErr").asBoolean(false))
        .map(c -> c.get("path").asString())
        .toList();
  }

  @Test
  void uri_ofEveryPath_reachesTheUpstreamByteForByte() throws IOException {
    for (String path : paths()) {
      ask(path + "?a=%2f;b&c=%zz", "X-None: 1");
    }
    assertThat(upstream.checks())
        .extracting(Check::uri)
        .containsExactlyElementsOf(paths().stream().map(p -> p + "?a=%2f;b&c=%zz").toList());
  }

  @Test
  void uri_ofEveryPath_isTheSameSession() throws IOException {
    upstream.signIn(HOST, COOKIE, Identity.of("alice", "app"));
    for (String path : paths()) {
      assertThat(ask(path, "Cookie: " + COOKIE).status()).as(path).isEqualTo(200);
    }
    assertThat(upstream.checks()).hasSize(1);
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void uri_withABrokenEscape_isNeverAHit(String path) throws IOException {
    upstream.signIn(HOST, COOKIE, Identity.of("alice", "app"));
    ask("/", "Cookie: " + COOKIE);
    ask(path, "Cookie: " + COOKIE);
    ask(path, "Cookie: " + COOKIE);
    assertThat(upstream.checks()).extracting(Check::uri).containsExactly("/", path, path);
  }

  /// A verdict for an open path must not be used for another path, even if both are equal after
  /// cleaning.
  @Test
  void openPath_ofEveryPath_isItsOwnCheckAndItsOwnEntry() throws IOException, StartException {
    postern.close();
    postern =
        Sidecar.start(
            PosternConfig.of(upstream.url(), state).anonymousPaths(Duration.ofMinutes(1)).build());
    upstream.open(HOST);
    for (String path : paths()) {
      assertThat(ask(path, "X-None: 1").status()).isEqualTo(200);
    }
    assertThat(upstream.checks()).hasSize(paths().size());

    ask("/b", "X-None: 1");
    assertThat(upstream.checks()).as("checked again").hasSize(paths().size());
    ask("/b", "Cookie: " + COOKIE);
    assertThat(upstream.checks()).as("with a credential").hasSize(paths().size() + 1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/outpost.goauthentik.io/static/dist/a%2Fb%20c.css?v=%22&w;x==",
        "/outpost.goauthentik.io/start?rd=https%3A%2F%2Fapp.example.test%2F%3Fa%3Db",
        "/outpost.goauthentik.io/ping",
      })
  void outpostPath_withItsQuery_reachesTheUpstreamByteForByte(String target) throws IOException {
    List<String> lines =
        List.of(
            "Host: " + HOST,
            "X-Forwarded-Host: " + HOST,
            "X-Forwarded-Proto: https",
            "Cookie: a=1; b=\"2\"",
            "Cookie: " + COOKIE);
    List<String> sent = new ArrayList<>(lines);
    sent.add("X-Forwarded-For: 192.0.2.10");

    RawHttp.once(postern.authPort(), RawHttp.request("GET", target, sent));

    RawMessage asked = upstream.requests().getFirst();
    assertThat(asked.target()).isEqualTo(target);
    assertThat(Fields.of(asked.fields(), "Connection", "X-Forwarded-For"))
        .containsAllEntriesOf(Fields.ofLines(lines, "Host"));
    assertThat(asked.first("X-Forwarded-For")).isEqualTo("192.0.2.10, 127.0.0.1");
  }

  /// The embedded outpost shares its port with the rest of authentik, so no other path may reach
  /// it.
  static List<String> outside() {
    return Stream.concat(
            cases("sanitize")
                .map(c -> c.get("path").asString())
                .filter(path -> path.startsWith("/../") || path.startsWith("/a/../.."))
                .map(path -> "/outpost.goauthentik.io" + path),
            Stream.of(
                "/",
                "/b",
                "/api/v3/core/users/",
                "/outpost.goauthentik.iox/start",
                "/Outpost.goauthentik.io/start",
                "//outpost.goauthentik.io/start",
                "/outpost.goauthentik.io/%2e%2e/api/v3/core/users/",
                "/outpost.goauthentik.io/%2E./api/v3/core/users/",
                "/outpost.goauthentik.io/..%2Fapi/v3/core/users/",
                "/outpost.goauthentik.io/static/..%2f..%2fapi/v3/core/users/",
                "/outpost.goauthentik.io/auth/nginx",
                "/outpost.goauthentik.io/auth/caddy",
                "/outpost.goauthentik.io/auth/envoy",
                "/outpost.goauthentik.io/auth/envoy/x",
                "/outpost.goauthentik.io/auth//nginx",
                "/outpost.goauthentik.io/auth/./nginx",
                "/outpost.goauthentik.io/auth/%6eginx",
                "/outpost.goauthentik.io/x/../auth/nginx",
                "http://evil.test/outpost.goauthentik.io/../b"))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("outside")
  void path_thatIsNoOutpostPath_isRefusedAndNeverReachesTheUpstream(String target)
      throws IOException {
    String request =
        RawHttp.get(
            target,
            "Host: " + HOST,
            "X-Forwarded-Host: " + HOST,
            "X-Forwarded-Proto: https",
            "X-Forwarded-Method: GET",
            "X-Forwarded-Uri: /",
            "X-Original-URL: https://app.example.test/");
    assertThat(RawHttp.once(postern.authPort(), request).status()).isBetween(400, 404);
    assertThat(upstream.requests()).isEmpty();
  }

  private RawMessage ask(String uri, String line) throws IOException {
    return RawHttp.once(
        postern.authPort(),
        RawHttp.get(
            RecordingUpstream.AUTH,
            "Host: postern:9000",
            "X-Forwarded-Host: " + HOST,
            "X-Forwarded-Method: GET",
            "X-Forwarded-Proto: https",
            "X-Forwarded-Uri: " + uri,
            line));
  }

  private static Stream<String> table(String name, String key) {
    return cases(name).map(c -> c.get(key).asString());
  }

  private static Stream<JsonNode> cases(String name) {
    return StreamSupport.stream(
        Exchanges.vector("/vectors/paths.json").get(name).spliterator(), false);
  }
}
