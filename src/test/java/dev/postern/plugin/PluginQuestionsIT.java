package dev.postern.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.testing.Certificates;
import dev.postern.testing.Fields;
import dev.postern.testing.RawHttp;
import dev.postern.testing.RawMessage;
import dev.postern.testing.program.NeedsTraefik;
import dev.postern.testing.upstream.Exchanges;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/// Compares the auth requests of the plugin and of ForwardAuth in one Traefik, for the requests of
/// the vectors. Both use entry points with the same trust.
///
/// Cases with `trustForwardHeader` unset are skipped: that is ForwardAuth's deprecated third mode,
/// which the plugin does not have.
@NeedsTraefik
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PluginQuestionsIT {
  /// One request of a vector.
  ///
  /// @param trust `trustForwardHeader`
  /// @param trusted whether the entry point trusts the client
  /// @param tls whether the client speaks TLS
  /// @param allowList `authRequestHeaders`
  /// @param request the bytes
  record Case(
      int number,
      String name,
      boolean trust,
      boolean trusted,
      boolean tls,
      List<String> allowList,
      String request) {
    @Override
    public String toString() {
      return number + " " + name;
    }

    String middlewares(String address) {
      String options =
          "{ address: \"%s\", trustForwardHeader: %b, authRequestHeaders: [%s] }"
              .formatted(address, trust, String.join(", ", allowList));
      return """
          plugin-%1$d: { plugin: { postern: %2$s } }
          forward-%1$d: { forwardAuth: %2$s }
      """
          .formatted(number, options);
    }

    String routers() {
      return Stream.of("plugin", "forward")
          .map(kind ->
              """
                  %1$s-%2$d:
                    rule: "Header(`X-Case`, `%2$d`)"
                    entryPoints: [%1$s-%3$s]
                    middlewares: [%1$s-%2$d]
                    service: app
                    %4$s
              """
                  .formatted(kind, number, trusted ? "trusting" : "strict", tls ? "tls: {}" : ""))
          .reduce("", String::concat);
    }
  }

  private static final List<Case> CASES = cases();

  private final PluginStage stage = new PluginStage();

  static Stream<Case> all() {
    return CASES.stream();
  }

  private static List<Case> cases() {
    List<Case> cases = new ArrayList<>();
    table("/vectors/forwardauth.json", "headers")
        .filter(node -> !node.get("trustForwardHeader").asString().equals("unset"))
        .forEach(node -> cases.add(middlewareCase(cases.size(), node)));
    table("/vectors/forwardauth-wire-derived.json", "cases")
        .filter(node -> !node.get("trustForwardHeader").asString().equals("nil"))
        .forEach(node -> cases.add(wireCase(cases.size(), node)));
    return List.copyOf(cases);
  }

  /// These vectors define the middleware's input, so the entry point must not change it.
  private static Case middlewareCase(int number, JsonNode node) {
    JsonNode request = node.get("request");
    List<String> lines = new ArrayList<>();
    lines.add("Host:" + (request.get("emptyHost").asBoolean() ? "" : " foo.bar"));
    lines.add("X-Case: " + number);
    request
        .get("headers")
        .properties()
        .forEach(header -> {
          // No client can send this and a request without a body.
          if (!header.getKey().equals("Transfer-Encoding")) {
            lines.add(header.getKey() + ": " + header.getValue().asString());
          }
        });
    return new Case(
        number,
        node.get("desc").asString(),
        node.get("trustForwardHeader").asBoolean(),
        true,
        false,
        texts(node.get("authRequestHeaders")),
        RawHttp.request(request.get("method").asString(), "/path?q=1", lines));
  }

  private static Case wireCase(int number, JsonNode node) {
    String trust = node.get("trustForwardHeader").asString();
    boolean trusted = node.get("entryPointTrustsClient").asBoolean();
    List<String> allowList = texts(node.get("authRequestHeaders"));
    String request = node.get("client").asString();
    return new Case(
        number,
        "wire, trust %s, trusted %s, allow list %s".formatted(trust, trusted, allowList),
        Boolean.parseBoolean(trust),
        trusted,
        node.get("tls").asBoolean(),
        allowList,
        request.replaceFirst("\r\n", "\r\nX-Case: " + number + "\r\n"));
  }

  @BeforeAll
  void start(@TempDir Path directory) {
    StringBuilder dynamic = new StringBuilder("http:\n  middlewares:\n");
    CASES.forEach(one -> dynamic.append(one.middlewares(stage.url() + PluginStage.PATH)));
    dynamic.append("  routers:\n");
    CASES.forEach(one -> dynamic.append(one.routers()));
    String trusting = ", forwardedHeaders: { insecure: true }";
    stage.start(
        directory.resolve("traefik"),
        List.of(
            "plugin-strict",
            "forward-strict",
            "plugin-trusting" + trusting,
            "forward-trusting" + trusting),
        dynamic + stage.service());
  }

  @AfterAll
  void stop() {
    stage.close();
  }

  @ParameterizedTest
  @MethodSource("all")
  void request_ofTheVector_equalsForwardAuthsExceptListedDifferences(Case one) throws Exception {
    RawMessage forward = question("forward", one);
    RawMessage plugin = question("plugin", one);

    assertThat(plugin.startLine()).isEqualTo(forward.startLine());
    assertThat(plugin.body()).isEmpty();
    Map<String, List<String>> expected = new TreeMap<>(Fields.of(forward.fields()));
    expectOwnEncoding(expected, one);
    expectOwnView(expected, one);
    assertThat(Fields.of(plugin.fields())).isEqualTo(expected);
  }

  /// ForwardAuth accepts gzip where the client does not, and decompresses the response. The plugin
  /// relays responses unchanged, so it accepts only what the client accepts.
  private static void expectOwnEncoding(Map<String, List<String>> expected, Case one) {
    boolean isSentOn = one.allowList().isEmpty() || one.allowList().contains("Accept-Encoding");
    if (!isSentOn || !one.request().contains("Accept-Encoding:")) {
      expected.remove("Accept-Encoding");
    }
  }

  /// With `trustForwardHeader: true` ForwardAuth takes host, method and URI from the headers of a
  /// trusted peer, although Traefik routes by others. The plugin sends those that Traefik routes
  /// by.
  private static void expectOwnView(Map<String, List<String>> expected, Case one) {
    if (!one.trust()) {
      return;
    }
    String[] line = one.request().split(" ", 3);
    expected.put("X-Forwarded-Method", List.of(line[0]));
    String uri = line[1].startsWith("/a%20b") ? "/c?q=1&r=%22" : line[1]; // cleaned by Traefik
    expected.put("X-Forwarded-Uri", List.of(uri));
    String host =
        one.request()
            .lines()
            .filter(header -> header.startsWith("Host:"))
            .map(header -> header.substring("Host:".length()).strip())
            .findFirst()
            .orElseThrow();
    expected.put("X-Forwarded-Host", List.of(host));
  }

  private RawMessage question(String kind, Case one) throws Exception {
    int port = stage.traefik().port(kind + (one.trusted() ? "-trusting" : "-strict"));
    stage.takeAuthRequests();
    try (RawHttp http =
        one.tls() ? RawHttp.connectTls(port, Certificates.trustingAll()) : RawHttp.connect(port)) {
      assertThat(http.exchange(one.request()).status()).isEqualTo(200);
    }
    List<RawMessage> asked = stage.takeAuthRequests();
    assertThat(asked).as(kind).hasSize(1);
    return asked.getFirst();
  }

  private static List<String> texts(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).map(JsonNode::asString).toList();
  }

  private static Stream<JsonNode> table(String file, String name) {
    return StreamSupport.stream(Exchanges.vector(file).get(name).spliterator(), false);
  }
}
