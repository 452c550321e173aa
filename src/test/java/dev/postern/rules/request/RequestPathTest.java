package dev.postern.rules.request;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.rules.Vectors;
import java.net.URI;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

class RequestPathTest {

  static Stream<JsonNode> sanitize() {
    return Vectors.cases("paths", "sanitize");
  }

  static Stream<JsonNode> entryPoint() {
    return Vectors.cases("paths", "entryPoint");
  }

  static Stream<JsonNode> normalize() {
    return Vectors.cases("paths", "normalize");
  }

  static Stream<JsonNode> malformed() {
    return Vectors.cases("paths", "normalizeMalformed");
  }

  static Stream<JsonNode> routingPath() {
    return Vectors.cases("paths", "routingPath");
  }

  static Stream<JsonNode> fragments() {
    return Vectors.cases("paths", "denyFragment");
  }

  @ParameterizedTest
  @MethodSource("sanitize")
  void sanitise_vectorOfTraefik_isCleaned(JsonNode vector) {
    assertThat(RequestPath.sanitise(vector.path("path").asString()))
        .isEqualTo(vector.path("expected").asString());
  }

  @ParameterizedTest
  @MethodSource("entryPoint")
  void atEntryPoint_vectorOfTraefik_hasItsEscapedPath(JsonNode vector) {
    assertThat(RequestPath.atEntryPoint(vector.path("rawPath").asString()))
        .contains(vector.path("expectedRaw").asString());
  }

  @ParameterizedTest
  @MethodSource("normalize")
  void normalise_vectorOfTraefik_isInNormalForm(JsonNode vector) {
    assertThat(RequestPath.normalise(vector.path("rawPath").asString()))
        .contains(vector.path("expected").asString());
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void normalise_cutEscape_isRefused(JsonNode vector) {
    assertThat(RequestPath.normalise(vector.path("path").asString()).isEmpty())
        .isEqualTo(vector.path("wantErr").asBoolean());
  }

  @ParameterizedTest
  @MethodSource("routingPath")
  void routingPath_vectorOfTraefik_keepsReservedCharacters(JsonNode vector) {
    assertThat(RequestPath.routingPath(vector.path("path").asString()))
        .contains(vector.path("routingPath").asString());
  }

  @ParameterizedTest
  @MethodSource("fragments")
  void atEntryPoint_fragment_isRefused(JsonNode vector) {
    URI url = URI.create(vector.path("url").asString());
    String raw = url.getRawPath() + (url.getRawFragment() == null ? "" : "#");
    assertThat(RequestPath.atEntryPoint(raw).isPresent())
        .isEqualTo(vector.path("wantStatus").asInt() == 200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '§',
      value = {
        "/{a}/..%2Fb → /b",
        "/a'b{ → /a%27b%7B",
        "/a'b → /a'b",
        "/%2e%2e/a → /a",
        "/a%2fb → /a%2Fb",
        "/%zz → REFUSED",
        "/%a → REFUSED",
        "§§ → /",
        "* → *",
        "//a → /a",
        "/a/. → /a",
        "/a/./ → /a/",
        "/.. → /",
        "/é → /%C3%A9",
      })
  void atEntryPoint_oddPath_isWhatRoutersSee(String raw, String escaped) {
    assertThat(RequestPath.atEntryPoint(ByteStrings.fromText(raw)))
        .isEqualTo(escaped.equals("REFUSED") ? Optional.empty() : Optional.of(escaped));
  }

  @ParameterizedTest
  @CsvSource({
    "/%2f, //",
    "/%2F, /%2F",
    "/%C3%A9, /\u00C3\u00A9",
    "/%25, /%25",
    "/%7C%5C, /|\\",
  })
  void routingPath_escape_isDecodedUnlessReserved(String escaped, String routing) {
    assertThat(RequestPath.routingPath(escaped)).contains(routing);
  }
}
