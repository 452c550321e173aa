package dev.postern.routing.source;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.routing.source.ApiResponseReader.Response;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApiResponseReaderTest {
  private static final int MOST = 10;

  private static Response read(String bytes) throws IOException {
    return ApiResponseReader.read(
        new ByteArrayInputStream(bytes.replace("\\r\\n", "\r\n").getBytes(ISO_8859_1)), MOST);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nabX                     | ab",
        "HTTP/1.0 200 OK\\r\\n\\r\\nabc                                              | abc",
        "HTTP/1.1 200\\r\\ncontent-length:3\\r\\n\\r\\nabc                           | abc",
        "HTTP/1.1 200 OK\\r\\nTransfer-Encoding:"
            + " chunked\\r\\n\\r\\n1\\r\\na\\r\\n2;x=y\\r\\nbc\\r\\n0\\r\\n"
            + " | abc",
        "HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\nContent-Length:"
            + " 1\\r\\n\\r\\n2\\r\\nab\\r\\n0\\r\\n\\r\\n"
            + " | ab",
        "HTTP/1.1 103 Early\\r\\nLink: x\\r\\n\\r\\nHTTP/1.1 200 OK\\r\\nContent-Length:"
            + " 1\\r\\n\\r\\na | a",
        "HTTP/1.1 200 OK\\r\\nContent-Length: 10\\r\\n\\r\\n0123456789              | 0123456789",
      })
  void read_response_hasItsBody(String bytes, String body) throws IOException {
    assertThat(read(bytes).body()).isEqualTo(body);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''                                                                         | NOTHING",
        "HTTP/1.1 200                                                               | CUT_OFF",
        "HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\na                          | CUT_OFF",
        "HTTP/1.1 200 OK\\r\\nContent-Length: 2                                     | CUT_OFF",
        "HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n5\\r\\nab         | CUT_OFF",
        "HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n2\\r\\nab\\r\\n    | CUT_OFF",
        "HTTP/1.1 200 OK\\r\\nContent-Length: 11\\r\\n\\r\\n                          | TOO_LONG",
        "HTTP/1.1 200 OK\\r\\nContent-Length: 999999999999\\r\\n\\r\\n                | TOO_LONG",
        "HTTP/1.1 200 OK\\r\\n\\r\\n01234567890                                      | TOO_LONG",
        "HTTP/1.1 200 OK\\r\\nTransfer-Encoding:"
            + " chunked\\r\\n\\r\\n6\\r\\nabcdef\\r\\n5\\r\\nabcde\\r\\n0\\r\\n"
            + " | TOO_LONG",
        "HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\nfffffff\\r\\n      | TOO_LONG",
        "HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\nffffffff\\r\\n     | NOT_HTTP",
        "HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n1\\r\\nab\\r\\n     | NOT_HTTP",
        "HTTP/1.1 200 OK\\r\\nTransfer-Encoding: gzip\\r\\n\\r\\n                      | NOT_HTTP",
        "HTTP/1.1 200 OK\\r\\nContent-Length: two\\r\\n\\r\\n                         | NOT_HTTP",
        "HTTP/1.1 200 OK\\r\\nno colon\\r\\n\\r\\n                                    | NOT_HTTP",
        "HTTP/2 200\\r\\n\\r\\n                                                       | NOT_HTTP",
        "SSH-2.0-OpenSSH\\r\\n                                                       | NOT_HTTP",
      })
  void read_unusableResponse_reportsTheReason(String bytes, BadResponse.Kind kind) {
    assertThatThrownBy(() -> read(bytes))
        .isInstanceOfSatisfying(BadResponse.class, bad -> assertThat(bad.kind()).isEqualTo(kind));
  }

  @Test
  void read_headWithoutEnd_isGivenUp() {
    String line = "X-A: " + "a".repeat(1000) + "\r\n";
    assertThatThrownBy(() -> read("HTTP/1.1 200 OK\r\n" + line.repeat(100)))
        .isInstanceOfSatisfying(
            BadResponse.class, bad -> assertThat(bad.kind()).isEqualTo(BadResponse.Kind.NOT_HTTP));
  }

  @Test
  void read_manySmallChunks_areNoLongHead() throws IOException {
    String chunk = "1;" + "x".repeat(20_000) + "\r\na\r\n";
    assertThat(
            read("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + chunk.repeat(9)
                    + "0\r\n")
                .body())
        .isEqualTo("a".repeat(9));
  }

  @Test
  void read_refusal_hasItsHeaderAndNoBody() throws IOException {
    Response answer =
        read("HTTP/1.1 302 Found\r\nLocation: http://a/\r\nLOCATION: http://b/\r\n\r\nx");
    assertThat(answer.status()).isEqualTo(302);
    assertThat(answer.fields()).containsEntry("location", "http://a/");
    assertThat(answer.body()).isEmpty();
  }
}
