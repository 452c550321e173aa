package dev.postern.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RawHttpTest {
  private static final String GET = RawHttp.get("/a%2Fb?q=%22", "Host: x");

  /// @param bytes the response, `|` for each line end
  private static RawMessage answerTo(String bytes) throws IOException {
    try (RawServer server =
        RawServer.start((request, connection) -> {
          connection.write(bytes.replace("|", "\r\n"));
          connection.close();
        })) {
      return RawHttp.once(server.port(), GET);
    }
  }

  @Test
  void read_headerLines_keepOrderSpellingAndBytes() throws IOException {
    RawMessage answer =
        answerTo(
            "HTTP/1.1 302 Found|"
                + "set-cookie: a=1|"
                + "X-B:|"
                + "Set-Cookie: \u00c3\u00a9 |"
                + "Content-Length: 0||");

    assertThat(answer.status()).isEqualTo(302);
    assertThat(answer.fields())
        .startsWith(
            new Field("set-cookie", "a=1"),
            new Field("X-B", ""),
            new Field("Set-Cookie", "\u00c3\u00a9"));
    assertThat(answer.values("SET-COOKIE")).containsExactly("a=1", "\u00c3\u00a9");
    assertThat(answer.first("x-none")).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK|Content-Length: 5||hello",
        "HTTP/1.1 200 OK||hello",
        "HTTP/1.1 200 OK|"
            + "Transfer-Encoding: chunked||"
            + "3|"
            + "hel|"
            + "2;x=y|"
            + "lo|"
            + "0|"
            + "T: 1||"
      })
  void read_everyFraming_givesTheWholeBody(String bytes) throws IOException {
    assertThat(answerTo(bytes).body()).isEqualTo("hello");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "HTTP/1.1 200",
        "HTTP/1.1 200 OK|Content-Len",
        "HTTP/1.1 200 OK|Content-Length: 5||hell",
        "HTTP/1.1 200 OK|Transfer-Encoding: chunked||5|hello|"
      })
  void read_connectionEndsEarly_throws(String bytes) {
    assertThatThrownBy(() -> answerTo(bytes)).isInstanceOf(EOFException.class);
  }

  @Test
  void exchange_severalRequests_shareOneConnection() throws IOException {
    List<RawMessage> requests = new CopyOnWriteArrayList<>();
    try (RawServer server =
            RawServer.start((request, connection) -> {
              requests.add(request);
              connection.write("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx");
            });
        RawHttp http = RawHttp.connect(server.port())) {
      http.exchange(GET);
      http.exchange("POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nfoo");
      http.exchange(GET);

      assertThat(server.connections()).isOne();
      assertThat(requests).extracting(RawMessage::body).containsExactly("", "foo", "");
      assertThat(requests.getFirst().target()).isEqualTo("/a%2Fb?q=%22");
      assertThat(requests.getFirst().path()).isEqualTo("/a%2Fb");
      assertThat(requests.get(1).method()).isEqualTo("POST");
    }
  }

  @Test
  void refuse_untilListenAgain_noConnectionIsAccepted() throws IOException {
    try (RawServer server =
        RawServer.start((request, connection) -> connection.write("HTTP/1.1 204 Gone\r\n\r\n"))) {
      server.refuse();
      assertThatThrownBy(() -> RawHttp.once(server.port(), GET)).isInstanceOf(IOException.class);
      server.listenAgain();
      assertThat(RawHttp.once(server.port(), GET).status()).isEqualTo(204);
    }
  }
}
