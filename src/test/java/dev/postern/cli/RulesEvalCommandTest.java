package dev.postern.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Test vectors recorded with Traefik's own code, through `rules eval`.
class RulesEvalCommandTest {
  private static final JsonMapper JSON = JsonMapper.shared();

  static Stream<Arguments> rules() throws IOException {
    List<Arguments> all = new ArrayList<>();
    for (String file : List.of("rules-v3", "rules-v2")) {
      try (InputStream in =
          RulesEvalCommandTest.class.getResourceAsStream("/vectors/" + file + ".json")) {
        for (JsonNode vector : JSON.readTree(Objects.requireNonNull(in))) {
          all.add(
              Arguments.of(
                  vector.path("syntax").asString(), vector.path("rule").asString(), vector));
        }
      }
    }
    return all.stream();
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("rules")
  void eval_vectorOfTraefik_agrees(String syntax, String rule, JsonNode vector) {
    ObjectNode line = JSON.createObjectNode().put("rule", rule).put("syntax", syntax);
    JsonNode answer = JSON.readTree(RulesEvalCommand.eval(line.toString()));
    assertThat(answer.path("valid").asBoolean()).isEqualTo(vector.path("valid").asBoolean());
    assertThat(answer.path("errorKind").asString(""))
        .isEqualTo(vector.path("errorKind").asString(""));
    for (JsonNode request : vector.path("requests")) {
      if (!request.has("nonCanonicalHeaderMap")) {
        line.setAll((ObjectNode) request);
        line.remove(List.of("match", "raw", "muxerOnly"));
        assertThat(JSON.readTree(RulesEvalCommand.eval(line.toString())).path("match").asBoolean())
            .as("%s", request)
            .isEqualTo(request.path("match").asBoolean());
      }
    }
  }

  @Test
  void rules_vectorFiles_areComplete() throws IOException {
    assertThat(rules()).hasSize(249);
    assertThat(rules().mapToInt(a -> ((JsonNode) a.get()[2]).path("requests").size()).sum())
        .isEqualTo(536);
  }

  @Test
  void eval_validRule_printsFourFields() {
    assertThat(
            RulesEvalCommand.eval(
                """
                {"rule": "Host(`a`) && Header(`x-b`, `é`)", "syntax": "v3", "method": "GET",
                 "url": "http://a:80/x?y", "headers": {"X-B": "é"}, "remoteAddr": "[::1]:5"}
                """))
        .isEqualTo("{\"valid\":true,\"errorKind\":null,\"match\":true,\"priority\":32}");
  }

  @Test
  void eval_invalidRule_printsItsKind() {
    assertThat(RulesEvalCommand.eval("{\"rule\": \"Foo(`a`)\"}"))
        .isEqualTo(
            "{\"valid\":false,\"errorKind\":\"unknown-matcher\",\"match\":false,\"priority\":8}");
  }

  @Test
  void eval_requestThatGets400FromTraefik_neverMatches() {
    assertThat(RulesEvalCommand.eval("{\"rule\": \"!Path(`/a`)\", \"url\": \"http://a/%zz\"}"))
        .contains("\"match\":false");
    assertThat(RulesEvalCommand.eval("{\"rule\": \"!Path(`/a`)\", \"url\": \"http://é/\"}"))
        .contains("\"match\":false");
  }

  @Test
  void eval_unknownKey_isRefusedByName() {
    assertThatThrownBy(() -> RulesEvalCommand.eval("{\"rule\": \"Host(`a`)\", \"urll\": \"/\"}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("unknown key urll; known keys are rule, ");
  }

  @Test
  void eval_noObject_isRefused() {
    assertThatThrownBy(() -> RulesEvalCommand.eval("{"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> RulesEvalCommand.eval("[]"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void run_overLines_printsAResultOrAnErrorForEach() {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    String lines =
        """
        {"rule":"Host(`a.test`)","url":"https://a.test/"}

        nonsense
        {"rule":"Host(`a.test`","url":"https://a.test/"}
        """;
    int exit =
        RulesEvalCommand.run(
            new ByteArrayInputStream(lines.getBytes(StandardCharsets.UTF_8)),
            new PrintWriter(out, true),
            new PrintWriter(err, true));
    assertThat(exit).isEqualTo(1);
    assertThat(out.toString().lines())
        .containsExactly(
            "{\"valid\":true,\"errorKind\":null,\"match\":true,\"priority\":14}",
            "{\"valid\":false,\"errorKind\":\"syntax\",\"match\":false,\"priority\":13}");
    assertThat(err.toString()).startsWith("postern: ").hasLineCount(1);
  }
}
