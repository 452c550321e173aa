package dev.postern.server.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.testing.RawHttp;
import dev.postern.testing.RawMessage;
import java.io.EOFException;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// HTTP/1.1 byte for byte: ambiguous requests are refused, others are passed on unchanged.
class Http1StrictTest {
  private static final String CHUNKED = "Transfer-Encoding: chunked\r\n";

  private static EdgeStage stage;

  @BeforeAll
  static void open() throws IOException {
    stage = EdgeStage.plain();
  }

  @AfterAll
  static void close() {
    stage.close();
  }

  static Stream<String> malformed() {
    return Stream.of(
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a,b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n",
        "GET / HTTP/1.1\r\n Host: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\n\tfolded\r\n\r\n",
        "GET / HTTP/1.1\r\nHost : a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost\t: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\n: empty\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nnocolon\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX(Y): 1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX\u00e9: 1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX\0: b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX: a\u007fb\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\nX: 1\r\n\r\n",
        "GET / HTTP/1.1\nHost: a\n\n",
        "GET / HTTP/1.1\r\nHost: a\r\n\n",
        "GET  / HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /  HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1 \r\nHost: a\r\n\r\n",
        " GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "G(T / HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / http/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.10\r\nHost: a\r\n\r\n",
        "GET / HTTP/11\r\nHost: a\r\n\r\n",
        "GET /\r\n\r\n",
        "GET /#part HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /a\u0001b HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n",
        "CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1, 1\r\n\r\nx",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\nx",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\nx",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x1\r\n\r\nx",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1 1\r\n\r\nx",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\nx",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9999999999999999999\r\n\r\nx",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: identity\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\n" + CHUNKED + CHUNKED + "\r\n",
        "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nConnection: close, Cookie\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nConnection: authorization\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nConnection: host\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nConnection: X-Forwarded-Anything\r\n\r\n");
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void head_thatIsAmbiguous_isRefusedAndTheConnectionClosed(String bytes) throws IOException {
    try (RawHttp http = RawHttp.connect(stage.port())) {
      http.send(bytes);
      RawMessage response = http.read();
      assertThat(response.status()).isEqualTo(400);
      assertThat(response.first("Connection")).isEqualTo("close");
      assertThat(response.first("Cache-Control")).isEqualTo("no-store");
      assertThatThrownBy(http::read).isInstanceOf(EOFException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"HTTP/9.9", "HTTP/2.0", "HTTP/0.9", "HTTP/1.2"})
  void version_notSupported_is505(String version) throws IOException {
    assertThat(RawHttp.once(stage.port(), "GET / " + version + "\r\nHost: a\r\n\r\n").status())
        .isEqualTo(505);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "g\r\n",
        "\r\n",
        "1;\0\r\nx\r\n0\r\n\r\n",
        "1\nx\n0\n\n",
        "1\r\nxy\r\n0\r\n\r\n",
        "1 \r\nx\r\n0\r\n\r\n",
        "-1\r\nx\r\n0\r\n\r\n",
        "0x1\r\nx\r\n0\r\n\r\n",
        "1000000000000000\r\nx",
        "0\r\nTrailer: a\nb\r\n\r\n"
      })
  void chunks_invalid_are400AndTheBodyIsNotComplete(String chunks) throws IOException {
    try (RawHttp http = RawHttp.connect(stage.port())) {
      http.send("POST /whole HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks);
      assertThat(http.read().status()).isEqualTo(400);
      assertThatThrownBy(http::read).isInstanceOf(EOFException.class);
    }
  }

  @Test
  void chunkExtensions_beyondTheirLimit_are400() throws IOException {
    String request = "POST /whole HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    String within = request + "1;" + "e".repeat(1000) + "\r\nx\r\n0\r\n\r\n";
    String beyond = request + ("1;" + "e".repeat(1000) + "\r\nx\r\n").repeat(20) + "0\r\n\r\n";
    assertThat(RawHttp.once(stage.port(), within).body()).isEqualTo("x");
    assertThat(RawHttp.once(stage.port(), beyond).status()).isEqualTo(400);
  }

  @Test
  void lines_ofAnyValidByte_arePassedOnUnchanged() throws IOException {
    String cookie = "Cookie: a=\u00e4\u0080\u00ff \"x\";b= 1";
    RawMessage response =
        RawHttp.once(
            stage.port(),
            RawHttp.get(
                "/head?\u00e9=%00&b",
                "hOSt: a:1",
                "X-One:  \t spaced \t",
                "x-one: two",
                "X-Empty:",
                cookie,
                "Cookie: second=1"));
    assertThat(response.body().lines())
        .containsExactly(
            "GET /head?\u00e9=%00&b HTTP/1.1",
            "http://a:1",
            "hOSt=a:1",
            "X-One=spaced",
            "x-one=two",
            "X-Empty=",
            cookie.replaceFirst(": ", "="),
            "Cookie=second=1");
  }

  @Test
  void linesNamedByConnection_areNotRelayed() throws IOException {
    RawMessage response =
        RawHttp.once(
            stage.port(),
            RawHttp.get(
                "/head",
                "Host: a",
                "Connection: Upgrade, x-hop",
                "Upgrade: h2c",
                "HTTP2-Settings: AAA",
                "X-Hop: 1",
                "X-Hop-Not: 2"));
    assertThat(response.status()).isEqualTo(200);
    assertThat(response.body().lines())
        .as("a handler must see an upgrade to refuse it, and does not relay it")
        .contains("X-Hop-Not=2", "HTTP2-Settings=AAA", "Upgrade=h2c")
        .doesNotContain("X-Hop=1");
  }

  @Test
  void requests_oneAfterTheOther_areServedInOrder() throws IOException {
    try (RawHttp http = RawHttp.connect(stage.port())) {
      StringBuilder pipelined = new StringBuilder("\r\n");
      for (int i = 0; i < 100; i++) {
        pipelined.append(RawHttp.get("/head?" + i, "Host: a"));
      }
      http.send(pipelined.toString());
      for (int i = 0; i < 100; i++) {
        assertThat(http.read().body()).startsWith("GET /head?" + i + " ");
      }
    }
  }

  @Test
  void head_byteByByte_isReadAsOne() throws IOException {
    try (RawHttp http = RawHttp.connect(stage.port())) {
      for (char c : RawHttp.get("/head", "Host: a", "X: 1").toCharArray()) {
        http.send(String.valueOf(c));
      }
      assertThat(http.read().body()).contains("X=1");
      assertThat(http.exchange(RawHttp.get("/", "Host: a")).body()).isEqualTo("ok");
    }
  }

  @Test
  void body_inAnyFraming_isEchoed() throws IOException {
    String text = "0123456789".repeat(50_000);
    try (RawHttp http = RawHttp.connect(stage.port())) {
      String head = "POST /echo HTTP/1.1\r\nHost: a\r\n";
      RawMessage whole =
          http.exchange(head + "Content-Length: " + text.length() + "\r\n\r\n" + text);
      assertThat(whole.body()).isEqualTo(text);
      assertThat(whole.first("Transfer-Encoding")).isEqualTo("chunked");
      String chunked =
          head
              + "Transfer-Encoding: Chunked\r\n\r\n"
              + Integer.toHexString(text.length()).toUpperCase(java.util.Locale.ROOT)
              + ";ext=1\r\n"
              + text
              + "\r\n3\r\nend\r\n0\r\nTrailer: x\r\n\r\n";
      assertThat(http.exchange(chunked).body()).isEqualTo(text + "end");
      assertThat(http.exchange(RawHttp.get("/", "Host: a")).body()).isEqualTo("ok");
    }
  }

  @Test
  void oldVersion_isAnsweredWithoutChunks() throws IOException {
    try (RawHttp http = RawHttp.connect(stage.port())) {
      http.send("POST /echo HTTP/1.0\r\nContent-Length: 3\r\nConnection: keep-alive\r\n\r\nabc");
      RawMessage response = http.read();
      assertThat(response.body()).isEqualTo("abc");
      assertThat(response.first("Connection")).isEqualTo("close");
      assertThat(response.values("Transfer-Encoding")).isEmpty();
    }
    try (RawHttp http = RawHttp.connect(stage.port())) {
      http.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
      assertThat(http.read().first("Connection")).isEqualTo("keep-alive");
      http.send("GET / HTTP/1.0\r\n\r\n");
      assertThat(http.read().first("Connection")).isEqualTo("close");
    }
  }

  @Test
  void expectContinue_isAnsweredWhenTheBodyIsRead() throws IOException {
    String head = " HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n";
    try (RawHttp http = RawHttp.connect(stage.port())) {
      http.send("POST /whole" + head);
      assertThat(http.readHead().status()).isEqualTo(100);
      assertThat(http.exchange("abc").body()).isEqualTo("abc");
    }
    try (RawHttp http = RawHttp.connect(stage.port())) {
      http.send("POST /" + head);
      RawMessage response = http.read();
      assertThat(response.status()).isEqualTo(200);
      assertThat(response.first("Connection")).isEqualTo("close");
    }
  }

  @Test
  void head_isAnsweredWithoutBody() throws IOException {
    try (RawHttp http = RawHttp.connect(stage.port())) {
      RawMessage response = http.exchange("HEAD /large HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(response.first("Content-Length")).isEqualTo("" + EchoHandler.LARGE_BYTES);
      assertThat(response.first("Date")).isEqualTo(EdgeStage.DATE);
      assertThat(http.exchange(RawHttp.get("/", "Host: a")).body()).isEqualTo("ok");
    }
  }

  @Test
  void unreadBody_isDroppedOrClosesTheConnection() throws IOException {
    String head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ";
    try (RawHttp http = RawHttp.connect(stage.port())) {
      assertThat(http.exchange(head + "60000\r\n\r\n" + "x".repeat(60_000)).closes()).isFalse();
      assertThat(http.exchange(RawHttp.get("/", "Host: a")).body()).isEqualTo("ok");
      RawMessage response = http.exchange(head + "600000\r\n\r\n" + "x".repeat(600_000));
      assertThat(response.body()).isEqualTo("ok");
      assertThat(response.closes()).isTrue();
    }
  }

  @Test
  void handler_thatFails_is500AndTheConnectionContinues() throws IOException {
    try (RawHttp http = RawHttp.connect(stage.port())) {
      assertThat(http.exchange(RawHttp.get("/throw", "Host: a")).status()).isEqualTo(500);
      assertThat(http.exchange(RawHttp.get("/", "Host: a")).body()).isEqualTo("ok");
    }
  }

  @Test
  void response_thatIsAborted_doesNotLookComplete() throws IOException {
    assertThatThrownBy(() -> RawHttp.once(stage.port(), RawHttp.get("/short", "Host: a")))
        .isInstanceOf(IOException.class);
  }

  @Test
  void head_ofAnySizeWithinTheLimits_isServed() throws IOException {
    for (int size : List.of(20_000, 200_000, 1_000_000)) {
      RawMessage response =
          RawHttp.once(stage.port(), RawHttp.get("/head", "Host: a", "X: " + "v".repeat(size)));
      assertThat(response.body()).hasSizeGreaterThan(size);
    }
    RawMessage response =
        RawHttp.once(stage.port(), RawHttp.get("/head", "Host: a" + "\r\nX: 1".repeat(9_999)));
    assertThat(response.body().lines()).hasSize(10_002);
  }

  @Test
  void head_beyondTheLimits_is431() throws IOException {
    assertThat(
            RawHttp.once(stage.port(), RawHttp.get("/", "Host: a", "X: " + "v".repeat(1_048_576)))
                .status())
        .isEqualTo(431);
    assertThat(
            RawHttp.once(stage.port(), RawHttp.get("/", "Host: a" + "\r\nX: 1".repeat(10_000)))
                .status())
        .isEqualTo(431);
  }
}
