package dev.postern.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.app.Sidecar;
import dev.postern.app.StartException;
import dev.postern.net.LoopGuard;
import dev.postern.testing.Fields;
import dev.postern.testing.PosternConfig;
import dev.postern.testing.RawHttp;
import dev.postern.testing.RawMessage;
import dev.postern.testing.upstream.Check;
import dev.postern.testing.upstream.Exchanges;
import dev.postern.testing.upstream.Identity;
import dev.postern.testing.upstream.RecordingUpstream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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

/// Tests which parts of Traefik's ForwardAuth requests reach the upstream.
///
/// Of `forwardauth.json` the tables `maxResponseBodySize`, `authSigninURL` and
/// `removeConnectionHeaders` and of `forwardedheaders.json` the table `connection` concern Traefik
/// alone: they describe its handling of responses, or of requests before the check. From the other
/// tables the test uses the auth requests that arrive here.
class ForwardAuthVectorsTest {
  private static final String HOST = "app.example.test";
  private static final String COOKIE = "authentik_proxy_51a54282=alice-1";
  private static final String[] FRAMING = {"Host", "Connection", "Content-Length", LoopGuard.NAME};

  @TempDir Path state;
  private final RecordingUpstream upstream = new RecordingUpstream();
  private Sidecar postern;

  @BeforeEach
  void start() throws StartException {
    postern = Sidecar.start(PosternConfig.of(upstream.url(), state).cacheStatusToClients().build());
    upstream.signIn(HOST, COOKIE, Identity.of("alice", "app"));
  }

  @AfterEach
  void stop() {
    postern.close();
    upstream.close();
  }

  static Stream<String> wireImages() {
    return table("/vectors/forwardauth-wire-derived.json", "cases")
        .map(c ->
            c.get("wire")
                .asString()
                .replace("/verify?x=1", RecordingUpstream.AUTH + "?x=1&y=%22")
                .replace("AUTHHOST", "postern:9000")
                .replace("PROXYHOSTNAME", "proxy"));
  }

  @ParameterizedTest
  @MethodSource("wireImages")
  void wireImage_ofTraefik_reachesTheUpstreamUnchanged(String image) throws IOException {
    RawMessage answer = RawHttp.once(postern.authPort(), image);

    assertThat(answer.status()).as("no session").isEqualTo(302);
    RawMessage asked = onlyRequest();
    assertThat(asked.startLine()).isEqualTo(image.lines().findFirst().orElseThrow());
    assertThat(Fields.of(asked.fields(), FRAMING)).isEqualTo(sentFields(image));
    assertThat(asked.body()).isEmpty();
  }

  /// Header sets for each setting of `trustForwardHeader`: the tables list the relevant lines; the
  /// others are added.
  static Stream<Map<String, String>> arrivingHeaders() {
    Stream<JsonNode> requests =
        Stream.concat(
            table("/vectors/forwardauth.json", "headers"),
            table("/vectors/forwardedheaders.json", "serve"));
    return requests.map(node -> {
      Map<String, String> lines = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
      node.get("expected")
          .properties()
          .forEach(entry -> lines.put(entry.getKey(), entry.getValue().asString()));
      lines.values().removeIf(String::isEmpty);
      lines.putIfAbsent("X-Forwarded-Method", "GET");
      lines.putIfAbsent("X-Forwarded-Uri", "/");
      lines.putIfAbsent("X-Forwarded-Proto", "https");
      lines.putIfAbsent("X-Forwarded-Host", HOST);
      return lines;
    });
  }

  @ParameterizedTest
  @MethodSource("arrivingHeaders")
  void headers_ofTheTables_reachTheUpstreamUnchanged(Map<String, String> headers)
      throws IOException {
    List<String> lines = new ArrayList<>(List.of("Host: postern:9000"));
    headers.forEach((name, value) -> lines.add(name + ": " + value));

    RawHttp.once(postern.authPort(), RawHttp.request("GET", RecordingUpstream.AUTH, lines));

    assertThat(Fields.of(onlyRequest().fields(), FRAMING))
        .isEqualTo(Fields.ofLines(lines, FRAMING));
  }

  @Test
  void headers_ofEverySpelling_keepLinesOrderAndBytesExceptOriginal() throws IOException {
    String[] kept = {
      "Accept: text/html",
      "accept-LANGUAGE: de",
      "X-List: one",
      "X-List: two, three",
      "X-List: four",
      "X-Empty:",
      "X_under.score: kept",
      RawHttp.utf8("X-Utf8: Zoë 中"),
      "Cookie: a=1; b=\"2\"",
      "Cookie: a=3",
      "X-Forwarded-For: 2001:db8::1, 192.0.2.10",
      "Forwarded: host=evil.test",
    };
    List<String> lines = forwarded("/", kept);
    List<String> sent = new ArrayList<>(lines);
    sent.addAll(
        List.of("X-Original-URI: /x", "x-original-url: https://evil.test/", "X-Original-Host: e"));

    RawHttp.once(postern.authPort(), RawHttp.request("GET", RecordingUpstream.AUTH, sent));

    assertThat(Fields.of(onlyRequest().fields(), FRAMING))
        .isEqualTo(Fields.ofLines(lines, FRAMING));
  }

  @Test
  void userAgent_ofAHit_isTheOneOfThisRequest() throws IOException {
    assertThat(ask("/", "User-Agent: first/1").values("User-Agent")).containsExactly("first/1");
    assertThat(ask("/", "User-Agent: second/2").values("User-Agent")).containsExactly("second/2");
    assertThat(ask("/", RawHttp.utf8("User-Agent: Zoë/3")).values("User-Agent"))
        .containsExactly(RawHttp.utf8("Zoë/3"));
    assertThat(ask("/").values("User-Agent"))
        .as("what the outpost says to a request without one")
        .containsExactly("");
    assertThat(upstream.checks()).hasSize(1);
  }

  @Test
  void method_ofTheClientAndOfTheRequest_makesNoFurtherCheck() throws IOException {
    table("/vectors/forwardauth.json", "preserveRequestMethod")
        .map(c -> c.get("expectedReqMethodInAuthServer").asString())
        .forEach(method -> assertThat(requestAs(method, "POST", "").status()).isEqualTo(200));
    assertThat(requestAs("HEAD", "HEAD", "").status()).isEqualTo(200);
    assertThat(requestAs("OPTIONS", "OPTIONS", "").status()).isEqualTo(200);
    assertThat(requestAs("GET", "PROPFIND", "").status()).isEqualTo(200);

    assertThat(upstream.checks()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 3\r\n\r\nfoo",
        "Transfer-Encoding: chunked\r\n\r\n3\r\nfoo\r\n0\r\n\r\n"
      })
  void body_ofForwardBody_leavesTheConnectionInStep(String framedBody) throws IOException {
    String post =
        RawHttp.request(
                "POST", RecordingUpstream.AUTH, signedIn("/", "X-Forwarded-Method: CONNECT"))
            .replaceFirst("\r\n\r\n$", "\r\n")
            .concat(framedBody);
    String get =
        RawHttp.request("GET", RecordingUpstream.AUTH, signedIn("/", "X-Forwarded-Method: GET"));
    try (RawHttp http = RawHttp.connect(postern.authPort())) {
      assertThat(http.exchange(post).first("X-Authentik-Uid")).isEqualTo("sub-alice");
      assertThat(http.exchange(get).first("X-Authentik-Uid")).isEqualTo("sub-alice");
      assertThat(http.exchange(post).first("X-Authentik-Uid")).isEqualTo("sub-alice");
    }
  }

  @Test
  void webSocketUpgrades_ofTheTable_canBeHits() throws IOException {
    List<Boolean> upgrades =
        table("/vectors/forwardedheaders.json", "websocket")
            .map(c -> c.get("websocket").asBoolean())
            .distinct()
            .toList();
    assertThat(upgrades).containsExactlyInAnyOrder(true, false);
    for (String proto : List.of("http", "https", "ws", "wss")) {
      ask("/", "X-Forwarded-Proto: " + proto);
      int checks = upstream.checks().size();
      assertThat(ask("/", "X-Forwarded-Proto: " + proto).status()).isEqualTo(200);
      assertThat(upstream.checks()).as("a second time with " + proto).hasSize(checks);
    }
  }

  @Test
  void aliasHeaders_withUnderscores_areNeverReadAsForwardedHeaders() throws IOException {
    ask("/");
    RawMessage alias = ask("/", "X_Forwarded_Host: other.test", "X.Forwarded.Host: other.test");
    assertThat(alias.first("X-Authentik-Uid")).isEqualTo("sub-alice");
    assertThat(upstream.checks()).extracting(Check::host).containsOnly(HOST);

    String onlyAliases =
        RawHttp.get(
            RecordingUpstream.AUTH,
            "Host: " + HOST,
            "Cookie: " + COOKIE,
            "X_Forwarded_Method: GET",
            "X_Forwarded_Uri: /",
            "X-Forwarded-Proto: https",
            "X-Forwarded-Host: " + HOST);
    assertThat(RawHttp.once(postern.authPort(), onlyAliases).status()).isEqualTo(404);
  }

  private RawMessage requestAs(String method, String clientMethod, String uri) {
    try {
      return RawHttp.once(
          postern.authPort(),
          RawHttp.request(
              method,
              RecordingUpstream.AUTH,
              signedIn("/" + uri, "X-Forwarded-Method: " + clientMethod)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private RawMessage ask(String uri, String... more) throws IOException {
    List<String> lines = new ArrayList<>(List.of(more));
    lines.add("X-Forwarded-Method: GET");
    return RawHttp.once(
        postern.authPort(),
        RawHttp.request(
            "GET", RecordingUpstream.AUTH, signedIn(uri, lines.toArray(String[]::new))));
  }

  private static List<String> signedIn(String uri, String... more) {
    List<String> lines = new ArrayList<>();
    lines.add("Host: postern:9000");
    lines.add("X-Forwarded-Host: " + HOST);
    lines.add("X-Forwarded-Uri: " + uri);
    lines.add("Cookie: " + COOKIE);
    if (Arrays.stream(more).noneMatch(line -> line.startsWith("X-Forwarded-Proto:"))) {
      lines.add("X-Forwarded-Proto: https");
    }
    lines.addAll(List.of(more));
    return lines;
  }

  private static List<String> forwarded(String uri, String... more) {
    List<String> lines =
        new ArrayList<>(
            List.of(
                "Host: postern:9000",
                "X-Forwarded-Host: " + HOST,
                "X-Forwarded-Method: GET",
                "X-Forwarded-Proto: https",
                "X-Forwarded-Uri: " + uri));
    lines.addAll(List.of(more));
    return lines;
  }

  private static Map<String, List<String>> sentFields(String image) {
    List<String> lines = image.lines().skip(1).takeWhile(line -> !line.isEmpty()).toList();
    return Fields.ofLines(lines, FRAMING);
  }

  private RawMessage onlyRequest() {
    assertThat(upstream.requests()).hasSize(1);
    return upstream.requests().getFirst();
  }

  private static Stream<JsonNode> table(String file, String name) {
    return StreamSupport.stream(Exchanges.vector(file).get(name).spliterator(), false);
  }
}
