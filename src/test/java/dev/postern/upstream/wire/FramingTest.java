package dev.postern.upstream.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.net.HeaderLine;
import dev.postern.net.HeaderLines;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// RFC 9112 section 6.3, with everything ambiguous refused.
class FramingTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET  | 200 | ''                          | UntilClose[]",
        "GET  | 200 | Content-Length: 0           | Length[bytes=0]",
        "GET  | 200 | content-length: 5           | Length[bytes=5]",
        "GET  | 200 | Content-Length: 007         | Length[bytes=7]",
        "GET  | 200 | Transfer-Encoding: chunked  | Chunked[]",
        "GET  | 200 | transfer-encoding: Chunked  | Chunked[]",
        "HEAD | 200 | Content-Length: 5           | Length[bytes=0]",
        "HEAD | 200 | Transfer-Encoding: chunked  | Length[bytes=0]",
        "HEAD | 200 | ''                          | Length[bytes=0]",
        "GET  | 204 | ''                          | Length[bytes=0]",
        "GET  | 304 | Content-Length: 5           | Length[bytes=0]",
        "POST | 500 | ''                          | UntilClose[]",
      })
  void framing_ofAResponse_isKnown(String method, int status, String lines, String framing)
      throws MalformedException {
    assertThat(head(status, true, lines).framing(method)).hasToString(framing);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 5;Content-Length: 5",
        "Content-Length: 5;Content-Length: 6",
        "Content-Length: 5, 5",
        "Content-Length: +5",
        "Content-Length: -5",
        "Content-Length: 0x5",
        "Content-Length: 5 5",
        "Content-Length:",
        "Content-Length: 1234567890123456789",
        "Content-Length: \u0663",
        "Transfer-Encoding: chunked;Content-Length: 5",
        "Transfer-Encoding: chunked;Transfer-Encoding: chunked",
        "Transfer-Encoding: chunked, chunked",
        "Transfer-Encoding: gzip, chunked",
        "Transfer-Encoding: identity",
        "Transfer-Encoding: xchunked",
        "Transfer-Encoding:",
      })
  void framing_thatIsAmbiguous_isRefusedEvenWithoutABody(String lines) {
    ResponseHead head = head(200, true, lines);
    assertThatThrownBy(() -> head.framing("GET")).isInstanceOf(MalformedException.class);
    assertThatThrownBy(() -> head.framing("HEAD")).isInstanceOf(MalformedException.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "true  | ''                              | true",
        "true  | Connection: keep-alive          | true",
        "true  | Connection: close               | false",
        "true  | connection: Keep-Alive , CLOSE  | false",
        "true  | Connection: x;Connection: close | false",
        "true  | Connection: closed              | true",
        "false | ''                              | false",
        "false | Connection: keep-alive          | false",
      })
  void keepsConnection_ofAResponse_isFalseIfTheUpstreamEndsIt(
      boolean current, String lines, boolean keeps) {
    assertThat(head(200, current, lines).keepsConnection()).isEqualTo(keeps);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void chunked_withHttp10_isRefused(boolean current) throws MalformedException {
    ResponseHead head = head(200, current, "Transfer-Encoding: chunked");
    if (current) {
      assertThat(head.framing("GET")).isEqualTo(new Framing.Chunked());
    } else {
      assertThatThrownBy(() -> head.framing("GET")).isInstanceOf(MalformedException.class);
    }
  }

  private static ResponseHead head(int status, boolean current, String lines) {
    return new ResponseHead(
        status,
        current,
        HeaderLines.of(
            Arrays.stream(lines.split(";", -1))
                .filter(line -> !line.isEmpty())
                .map(line -> line.split(":", 2))
                .map(parts -> new HeaderLine(parts[0], Octets.trim(parts[1])))
                .toList()));
  }
}
