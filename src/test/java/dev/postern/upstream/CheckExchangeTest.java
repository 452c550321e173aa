package dev.postern.upstream;

import static dev.postern.upstream.ScriptedServer.CLOSE;
import static dev.postern.upstream.ScriptedServer.ok;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.net.HeaderLine;
import dev.postern.net.LoopGuard;
import dev.postern.testing.Await;
import dev.postern.testing.Field;
import dev.postern.testing.RawMessage;
import dev.postern.testing.RawServer;
import dev.postern.upstream.CheckExchange.Outcome;
import dev.postern.verdict.UpstreamResponse;
import dev.postern.verdict.Verdict.Fault;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Checks over real sockets, with misbehaving upstreams.
class CheckExchangeTest {
  private static final String HEAD = "HTTP/1.1 200 OK\r\n";
  private static final Duration SHORT = Duration.ofMillis(300);

  @Test
  void request_onTheWire_hasEveryByteAndLineAsGiven() throws Exception {
    try (ScriptedServer server = new ScriptedServer(ok("a"));
        Asking asking = new Asking(server.url(), null)) {
      asking.answer();
      RawMessage request = server.requests().getFirst();
      assertThat(request.startLine()).isEqualTo("GET /auth?a=1 HTTP/1.1");
      assertThat(request.fields()).last().extracting(Field::name).isEqualTo(LoopGuard.NAME);
      assertThat(request.fields())
          .startsWith(
              new Field("Host", server.url().getRawAuthority()),
              new Field("X-Forwarded-Method", "GET"),
              new Field("X-Forwarded-Uri", "/"),
              new Field("cookie", "a=1;  b=\u00e9"),
              new Field("Cookie", "c=3"));
    }
  }

  @Test
  void response_headers_keepOrderSpellingAndEveryByteInside() throws Exception {
    try (ScriptedServer server =
            new ScriptedServer(
                String.join(
                    "\r\n",
                    "HTTP/1.1 200 OK",
                    "x-name: a  b",
                    "Connection: keep-alive",
                    "X-NAME: \u00c3\u00a9 \t,",
                    "Set-Cookie: a=1",
                    "Content-Length: 0",
                    "Set-Cookie: b=2",
                    "",
                    ""));
        Asking asking = new Asking(server.url(), null)) {
      assertThat(asking.answer().headers().lines())
          .containsExactly(
              new HeaderLine("x-name", "a  b"),
              new HeaderLine("X-NAME", "\u00c3\u00a9 \t,"),
              new HeaderLine("Set-Cookie", "a=1"),
              new HeaderLine("Set-Cookie", "b=2"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na', a",
    "'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;x\r\na\r\n0\r\nX-Uid: b\r\n\r\n', a",
    "'HTTP/1.1 204 No Content\r\n\r\n', ''",
    "'HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n', ''",
    "'HTTP/1.1 100 A\r\n\r\nHTTP/1.1 103 B\r\nX: y\r\n\r\nHTTP/1.1 204 C\r\n\r\n', ''",
  })
  void response_withItsOwnEnd_isReadAndItsConnectionServesTheNextCall(String wire, String body)
      throws Exception {
    try (ScriptedServer server = new ScriptedServer(wire);
        Asking asking = new Asking(server.url(), null)) {
      for (int i = 0; i < 3; i++) {
        UpstreamResponse answer = asking.answer();
        assertThat(Asking.body(answer)).isEqualTo(body);
        assertThat(answer.headers().count("X-Uid")).as("trailers are no headers").isZero();
      }
      assertThat(server.connections()).isEqualTo(1);
      assertThat(asking.budget().held()).isZero();
    }
  }

  @Test
  void response_toHead_hasNoBodyWhateverItsLength() throws Exception {
    try (ScriptedServer server =
            new ScriptedServer("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n");
        Asking asking = new Asking(server.url(), null)) {
      assertThat(asking.ask("HEAD", Asking.LONG)).isInstanceOf(Outcome.Answered.class);
      assertThat(asking.ask("HEAD", Asking.LONG)).isInstanceOf(Outcome.Answered.class);
      assertThat(server.connections()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\na",
        "HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\na",
        "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\na",
        "HTTP/1.1 200 OK\r\n\r\na" + CLOSE,
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na" + CLOSE,
      })
  void response_whoseConnectionEnds_isReadAndTheNextCallGetsAnother(String wire) throws Exception {
    try (ScriptedServer server = new ScriptedServer(wire);
        Asking asking = new Asking(server.url(), null)) {
      assertThat(Asking.body(asking.answer())).isEqualTo("a");
      assertThat(Asking.body(asking.answer())).isEqualTo("a");
      assertThat(server.connections()).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nContent-Le" + CLOSE,
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc" + CLOSE,
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n" + CLOSE,
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n" + CLOSE,
        "HTTP/1.1 100 Continue\r\n\r\n" + CLOSE,
      })
  void response_incomplete_isNoVerdictAndIsNotRetried(String wire) throws Exception {
    assertNoVerdict(wire, Fault.BROKEN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\na",
        "HTTP/1.1 200 OK\r\nContent-Length: one\r\n\r\na",
        "HTTP/1.1 200 OK\r\nX: a\r\n b\r\n\r\n",
        "HTTP/1.1 200 OK\nContent-Length: 1\n\na",
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
        "garbage\r\n\r\n",
      })
  void response_thatIsNotHttp_isNoVerdictAndIsNotRetried(String wire) throws Exception {
    assertNoVerdict(wire, Fault.MALFORMED);
  }

  @Test
  void connection_thatEndsWithoutAResponse_isNoVerdictAndIsNotRetried() throws Exception {
    assertNoVerdict(CLOSE, Fault.NO_ANSWER);
  }

  private static void assertNoVerdict(String wire, Fault fault) throws Exception {
    try (ScriptedServer server = new ScriptedServer(wire, ok("good"));
        Asking asking = new Asking(server.url(), null)) {
      assertThat(asking.ask()).isEqualTo(new Outcome.Failed(fault));
      assertThat(server.requests()).hasSize(1);
      assertThat(Asking.body(asking.answer())).isEqualTo("good");
      assertThat(server.connections()).isEqualTo(2);
      assertThat(asking.budget().held()).isZero();
    }
  }

  @Test
  void head_thatIsHuge_isAFaultOfItsOwn() throws Exception {
    String huge = HEAD + "X: " + "a".repeat(1 << 20) + "\r\nContent-Length: 0\r\n\r\n";
    try (ScriptedServer server = new ScriptedServer(huge);
        Asking asking = new Asking(server.url(), null)) {
      assertThat(asking.ask()).isEqualTo(new Outcome.Failed(Fault.HEAD_TOO_LARGE));
    }
  }

  @Test
  void body_thatIsHuge_isTooLargeAndReleasesItsBytes() throws Exception {
    try (ScriptedServer server = new ScriptedServer(ok("a".repeat(CollectedBody.MAX_BYTES + 1)));
        Asking asking = new Asking(server.url(), null)) {
      assertThat(asking.ask()).isEqualTo(new Outcome.Failed(Fault.TOO_LARGE));
      assertThat(asking.budget().held()).isZero();
    }
  }

  @Test
  void body_ofTheMaximumSize_isReadCompletely() throws Exception {
    String body = "a".repeat(CollectedBody.MAX_BYTES);
    try (ScriptedServer server = new ScriptedServer(ok(body));
        Asking asking = new Asking(server.url(), null)) {
      assertThat(Asking.body(asking.answer())).isEqualTo(body);
    }
  }

  @Test
  void keptConnection_thatDiesBeforeTheResponse_isReplacedOnce() throws Exception {
    try (ScriptedServer server = new ScriptedServer(ok("first"), CLOSE, ok("second"));
        Asking asking = new Asking(server.url(), null)) {
      assertThat(Asking.body(asking.answer())).isEqualTo("first");
      assertThat(Asking.body(asking.answer())).isEqualTo("second");
      assertThat(server.requests()).hasSize(3);
      assertThat(server.connections()).isEqualTo(2);
    }
  }

  @Test
  void keptConnection_whoseReplacementDiesToo_isBroken() throws Exception {
    try (ScriptedServer server = new ScriptedServer(ok("first"), CLOSE, CLOSE, ok("late"));
        Asking asking = new Asking(server.url(), null)) {
      asking.answer();
      assertThat(asking.ask()).isEqualTo(new Outcome.Failed(Fault.NO_ANSWER));
      assertThat(server.requests()).hasSize(3);
    }
  }

  @Test
  void keptConnection_thatDiesWithinTheResponse_isNotRetried() throws Exception {
    try (ScriptedServer server = new ScriptedServer(ok("first"), "H" + CLOSE, ok("late"));
        Asking asking = new Asking(server.url(), null)) {
      asking.answer();
      assertThat(asking.ask()).isEqualTo(new Outcome.Failed(Fault.BROKEN));
      assertThat(server.requests()).hasSize(2);
    }
  }

  @Test
  void secondResponse_afterTheFirst_isNeverTakenForTheNextOne() throws Exception {
    try (ScriptedServer server = new ScriptedServer(ok("mine") + ok("smuggled"), ok("next"));
        Asking asking = new Asking(server.url(), null)) {
      assertThat(Asking.body(asking.answer())).isEqualTo("mine");
      assertThat(Asking.body(asking.answer())).isEqualTo("next");
      assertThat(server.connections()).isEqualTo(2);
    }
  }

  @Test
  void secondResponse_onAnIdleConnection_closesIt() throws Exception {
    try (ScriptedServer server = new ScriptedServer(ok("mine"), ok("next"));
        Asking asking = new Asking(server.url(), null)) {
      assertThat(Asking.body(asking.answer())).isEqualTo("mine");
      Await.until(
          "the connection is closed",
          Duration.ofSeconds(30),
          () -> !server.writeTo(0, ok("smuggled")));
      assertThat(Asking.body(asking.answer())).isEqualTo("next");
      assertThat(server.connections()).isEqualTo(2);
    }
  }

  @Test
  void response_thatArrivesByteByByte_isReadCompletely() throws Exception {
    String wire =
        HEAD + "X: a  b\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\nT: t\r\n\r\n";
    try (RawServer server =
            RawServer.start((_, connection) -> {
              for (int i = 0; i < wire.length(); i++) {
                connection.write(wire.substring(i, i + 1));
              }
            });
        Asking asking = new Asking(server.url(), null)) {
      for (int i = 0; i < 3; i++) {
        UpstreamResponse answer = asking.answer();
        assertThat(answer.headers().lines()).containsExactly(new HeaderLine("X", "a  b"));
        assertThat(Asking.body(answer)).isEqualTo("ab");
      }
      assertThat(server.connections()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "HTTP/1.1 200 OK\r\nX: ",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\n\r\nabc",
      })
  void response_thatStops_isATimeoutAndReleasesItsBytes(String wire) throws Exception {
    try (ScriptedServer server = new ScriptedServer(wire, ok("good"));
        Asking asking = new Asking(server.url(), null)) {
      assertThat(asking.ask("GET", SHORT)).isEqualTo(new Outcome.Failed(Fault.TIMEOUT));
      assertThat(asking.budget().held()).isZero();
      assertThat(Asking.body(asking.answer())).isEqualTo("good");
      assertThat(server.connections()).isEqualTo(2);
    }
  }

  @Test
  void upstream_withoutAListener_cannotBeReached() throws Exception {
    URI url;
    try (ScriptedServer server = new ScriptedServer(ok("a"))) {
      url = server.url();
    }
    try (Asking asking = new Asking(url, null)) {
      assertThat(asking.ask()).isEqualTo(new Outcome.Failed(Fault.CONNECT));
    }
  }
}
