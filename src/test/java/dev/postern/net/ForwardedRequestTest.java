package dev.postern.net;

import static dev.postern.net.ForwardedRequest.Form.AMBIGUOUS;
import static dev.postern.net.ForwardedRequest.Form.INCOMPLETE;
import static dev.postern.net.ForwardedRequest.Form.NOT_FORWARDED;
import static dev.postern.net.ForwardedRequest.Form.SOUND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.net.ForwardedRequest.Form;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Which headers are sound, ambiguous or incomplete (invariant 8).
class ForwardedRequestTest {
  private static final List<String> GOOD =
      List.of(
          "X-Forwarded-Method: GET",
          "X-Forwarded-Proto: https",
          "X-Forwarded-Host: app.test",
          "X-Forwarded-Uri: /a?b");

  private static ForwardedRequest read(List<String> lines) {
    return ForwardedRequest.read(
        "GET",
        "/auth",
        "",
        HeaderLines.of(
            lines.stream()
                .map(line -> line.split(": ?", 2))
                .map(parts -> new HeaderLine(parts[0], parts[1]))
                .toList()));
  }

  private static Form form(int replaced, @Nullable String line) {
    List<String> lines = new ArrayList<>(GOOD);
    lines.remove(replaced);
    if (line != null) {
      lines.add(line);
    }
    return read(lines).form();
  }

  static Stream<Arguments> values() {
    Stream<Arguments> methods =
        Stream.of("GET, POST", "G T", "GET\t", "GE\u00e9", "GET/", "\"GET\"")
            .map(value -> Arguments.of(0, "X-Forwarded-Method: " + value, AMBIGUOUS));
    Stream<Arguments> protos =
        Stream.of("HTTPS", "https,http", "https, https", "ftp", "h2", " https")
            .map(value -> Arguments.of(1, "X-Forwarded-Proto: " + value, AMBIGUOUS));
    Stream<Arguments> hosts =
        Stream.of(
                "a.test, b.test",
                "a.test,b.test",
                "u@a.test",
                "a.test/",
                "a test",
                "a\u00e9.test",
                "a%2etest",
                "a?b",
                "a#b",
                "a\\b")
            .map(value -> Arguments.of(2, "X-Forwarded-Host: " + value, AMBIGUOUS));
    Stream<Arguments> uris =
        Stream.of(
                "a",
                "?a",
                "*",
                "http://x/",
                "/a b",
                "/a#b",
                "/%",
                "/%4",
                "/%zz",
                "/a?%",
                "/a\t",
                "/\u007f",
                "/a\u0000b",
                "/%\uff11\uff11")
            .map(value -> Arguments.of(3, "X-Forwarded-Uri: " + value, AMBIGUOUS));
    Stream<Arguments> good =
        Stream.of(
            Arguments.of(0, "x-forwarded-method: M-SEARCH", SOUND),
            Arguments.of(1, "X-Forwarded-Proto: http", SOUND),
            Arguments.of(1, "X-Forwarded-Proto: ws", SOUND),
            Arguments.of(1, "X-Forwarded-Proto: wss", SOUND),
            Arguments.of(2, "X-Forwarded-Host: App.Test:8443", SOUND),
            Arguments.of(2, "X-Forwarded-Host: [::1]:80", SOUND),
            Arguments.of(3, "X-Forwarded-Uri: //a/../%2f?x=\u00e9&y=%00;", SOUND));
    return Stream.of(methods, protos, hosts, uris, good).flatMap(all -> all);
  }

  @ParameterizedTest
  @MethodSource("values")
  void read_value_hasItsForm(int replaced, String line, Form form) {
    assertThat(form(replaced, line)).isEqualTo(form);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void read_headerAbsentOrEmpty_isIncomplete(int absent) {
    assertThat(form(absent, null)).isEqualTo(INCOMPLETE);
    String name = GOOD.get(absent).substring(0, GOOD.get(absent).indexOf(':') + 1);
    assertThat(form(absent, name)).isEqualTo(INCOMPLETE);
  }

  @Test
  void read_methodAndUriAbsent_isNotForwarded() {
    assertThat(read(GOOD.subList(1, 3)).form()).isEqualTo(NOT_FORWARDED);
  }

  @Test
  void read_methodAndUriEmpty_isIncomplete() {
    assertThat(read(List.of("X-Forwarded-Method:", "X-Forwarded-Uri:")).form())
        .isEqualTo(INCOMPLETE);
  }

  @Test
  void read_headerTwice_isIncompleteEvenIfEqual() {
    assertThat(read(GOOD).form()).isEqualTo(SOUND);
    for (String line : GOOD) {
      List<String> lines = new ArrayList<>(GOOD);
      lines.add(line);
      assertThat(read(lines).form()).as(line).isEqualTo(INCOMPLETE);
    }
    List<String> lines = new ArrayList<>(GOOD);
    lines.add("X-Forwarded-For: 192.0.2.1, 192.0.2.2");
    assertThat(read(lines).form()).isEqualTo(SOUND);
    lines.add("X-Forwarded-For: 192.0.2.3");
    assertThat(read(lines).form()).isEqualTo(AMBIGUOUS);
  }

  @Test
  void read_nothing_isNotForwarded() {
    ForwardedRequest request = read(List.of());
    assertThat(request.form()).isEqualTo(NOT_FORWARDED);
    assertThat(List.of(request.method(), request.proto(), request.host(), request.uri()))
        .containsOnly("");
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.1, 192.0.2.1",
    "'192.0.2.1, 192.0.2.2', 192.0.2.2",
    "'192.0.2.1,', peer",
    "'', peer",
    "' 2001:db8::1 ', 2001:db8::1"
  })
  void client_lastElement_isThePeersOwn(String header, String client) {
    List<String> lines = new ArrayList<>(GOOD);
    lines.add("X-Forwarded-For: " + header);
    assertThat(read(lines).client("peer")).isEqualTo(client);
    assertThat(read(GOOD).client("peer")).isEqualTo("peer");
  }
}
