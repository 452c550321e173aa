package dev.postern.metrics.traefik;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.postern.accesslog.Outcome;
import dev.postern.net.HeaderLine;
import dev.postern.testing.Completed;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/// Label values: every case of `metrics-labels.json`, and values that clients might invent.
class LabelVectorsTest {
  private static Stream<JsonNode> vectors(String group) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(
            LabelVectorsTest.class.getResourceAsStream("/vectors/metrics-labels.json"))) {
      return new ObjectMapper().readTree(in).get(group).valueStream();
    }
  }

  static Stream<Arguments> methods() throws IOException {
    return vectors("method")
        .map(v -> arguments(v.get("method").asString(), v.get("expected").asString()));
  }

  static Stream<Arguments> protocols() throws IOException {
    return vectors("protocol")
        .map(v -> {
          List<HeaderLine> lines = new ArrayList<>();
          v.get("headers")
              .forEachEntry((name, values) ->
                  values.forEach(value -> lines.add(new HeaderLine(name, value.asString()))));
          return arguments(lines, v.get("expected").asString());
        });
  }

  static Stream<Arguments> grpcCodes() throws IOException {
    return vectors("grpcCode")
        .map(v -> arguments(v.get("grpcStatus").asString(), v.get("code").asInt()));
  }

  @ParameterizedTest
  @MethodSource("methods")
  void method_vector_isTheLabel(String method, String expected) {
    assertThat(label(Completed.HIT.method(method), "method")).isEqualTo(expected);
  }

  @ParameterizedTest
  @MethodSource("protocols")
  void protocol_vector_isTheLabel(List<HeaderLine> lines, String expected) {
    assertThat(label(Completed.HIT.request(lines.toArray(HeaderLine[]::new)), "protocol"))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @MethodSource("grpcCodes")
  void code_grpcVector_isTheLabel(String status, int expected) {
    Completed grpc =
        Completed.HIT
            .request(new HeaderLine("Content-Type", "application/grpc"))
            .answer(200, Outcome.ALLOW, new HeaderLine("Grpc-Status", status));
    assertThat(label(grpc, "code")).isEqualTo(Integer.toString(expected));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET | GET",
        "PRI | PRI",
        "Get | EXTENSION_METHOD",
        "GET\\x20/ | EXTENSION_METHOD",
        "\u00c3\u00a9 | EXTENSION_METHOD",
        "\u00c3 | NON_UTF8_HTTP_METHOD",
        "\u00ff\u00fe | NON_UTF8_HTTP_METHOD"
      })
  void method_invented_collapses(String method, String expected) {
    assertThat(label(Completed.HIT.method(method), "method")).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Connection | keep-alive , Upgrade | http",
        "Accept | text/html, TEXT/event-stream ,*/* | sse",
        "Accept | text/event-stream;q=1 | http",
        "Accept | text/event-streams | http",
        "Accept | '' | http",
        "Content-Type | application/grpc | grpc",
        "Content-Type | application/grpc-web+proto | grpc-web",
        "Content-Type | APPLICATION/GRPC | http",
        "Sec-WebSocket-Key | dGhlIHNhbXBsZSBub25jZQ== | websocket"
      })
  void protocol_header_isTheLabel(String name, String value, String expected) {
    assertThat(label(Completed.HIT.request(new HeaderLine(name, value)), "protocol"))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"17, 2", "-1, 2", "4294967296, 2", "'\"UNAUTHENTICATED\"', 16", "'\"', 2", "'', 2"})
  void code_grpcStatusOutOfRange_isUnknown(String status, String expected) {
    assertThat(Integer.toString(GrpcCode.of(status))).isEqualTo(expected);
  }

  private static String label(Completed request, String label) {
    return Measured.labels(Measured.of(request.get())).getOrDefault(label, "");
  }
}
