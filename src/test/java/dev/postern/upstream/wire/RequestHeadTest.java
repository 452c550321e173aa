package dev.postern.upstream.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.net.HeaderLine;
import dev.postern.net.HeaderLines;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestHeadTest {
  @Test
  void bytes_ofAHead_keepOrderSpellingAndEveryByte() throws MalformedException {
    HeaderLines lines =
        HeaderLines.of(
            List.of(
                new HeaderLine("x-b", "a  b"),
                new HeaderLine("Cookie", "a=1; a=2"),
                new HeaderLine("COOKIE", "\u00c3\u00a9 \t\u00ff"),
                new HeaderLine("X-Empty", "")));
    assertThat(new String(new RequestHead("GET", "/a?b=%20", lines).bytes(), ISO_8859_1))
        .isEqualTo(
            String.join(
                "\r\n",
                "GET /a?b=%20 HTTP/1.1",
                "x-b: a  b",
                "Cookie: a=1; a=2",
                "COOKIE: \u00c3\u00a9 \t\u00ff",
                "X-Empty: ",
                "",
                ""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\rb", "a\nb", "a\r\nX: b", "a\u0000", "\n", "a\u0100"})
  void value_thatWouldEndItsLine_isRefused(String value) {
    assertRefused("GET", "/", new HeaderLine("X", value));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " X", "X ", "X:", "X\r", "X\nY", "X\u0000", "X\t", "\u0100"})
  void name_thatWouldEndTooEarly_isRefused(String name) {
    assertRefused("GET", "/", new HeaderLine(name, "a"));
  }

  @ParameterizedTest
  @CsvSource({
    "GET, '/a b'",
    "GET, '/a\nb'",
    "GET, '/a\u0000'",
    "GET, ''",
    "'G T', /",
    "'', /",
    "'GET\r', /",
  })
  void requestLine_thatWouldBreak_isRefused(String method, String target) {
    assertRefused(method, target, new HeaderLine("X", "a"));
  }

  @ParameterizedTest
  @CsvSource({"GET, true", "HEAD, true", "OPTIONS, true", "POST, false", "get, false"})
  void isSafe_ofAMethod_isWhetherItOnlyReads(String method, boolean safe) {
    assertThat(new RequestHead(method, "/", HeaderLines.of(List.of())).isSafe()).isEqualTo(safe);
  }

  private static void assertRefused(String method, String target, HeaderLine line) {
    RequestHead head = new RequestHead(method, target, HeaderLines.of(List.of(line)));
    assertThatThrownBy(head::bytes).isInstanceOf(MalformedException.class);
  }
}
