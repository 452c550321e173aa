package dev.postern.upstream;

import static dev.postern.upstream.ScriptedServer.ok;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.config.DataSize;
import dev.postern.config.UpstreamConfig;
import dev.postern.config.tls.ClientTls;
import dev.postern.net.Endpoint;
import dev.postern.net.HeaderLines;
import dev.postern.testing.Await;
import dev.postern.testing.Certificates;
import dev.postern.upstream.CheckExchange.Outcome;
import dev.postern.upstream.HostileServer.Script;
import dev.postern.upstream.wire.RequestHead;
import dev.postern.upstream.wire.ResponseHead;
import dev.postern.verdict.UpstreamResponse;
import dev.postern.verdict.Verdict.Fault;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A response is never delivered to another request, and an incomplete one never treated as
/// complete, whatever an upstream writes and wherever it stops, over plain TCP and TLS.
class ForeignResponseTest {
  private static final String CHUNKED = "Transfer-Encoding: chunked\r\n";

  private static final String FOREIGN = ok("foreign");
  private static final int CALLS = 6;

  @TempDir Path directory;

  /// What an upstream writes for one request. `%s` is the part that belongs to this request.
  enum Mode {
    SECOND_RESPONSE(ok("%s") + FOREIGN),
    SECOND_RESPONSE_TO_AN_EMPTY_ONE("HTTP/1.1 204 No Content\r\n\r\n" + FOREIGN),
    SECOND_RESPONSE_TO_NOT_MODIFIED(
        "HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\n" + FOREIGN),
    LENGTH_TOO_SHORT("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n%s" + FOREIGN),
    BEHIND_THE_LAST_CHUNK(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n%s\r\n0\r\n\r\n" + FOREIGN),
    BEHIND_TRAILERS(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n%s\r\n0\r\nX: y\r\n\r\n"
            + FOREIGN),
    RESPONSE_IN_TRAILERS(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n%s\r\n0\r\n" + FOREIGN),
    INTERIM_BEHIND(ok("%s") + "HTTP/1.1 103 Early Hints\r\nX: y\r\n\r\n" + FOREIGN),
    BLANK_LINE_BEHIND(ok("%s") + "\r\n"),
    ONE_BYTE_BEHIND(ok("%s") + "H"),
    CLOSE_AND_MORE("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n%s" + FOREIGN);

    private final String bytes;

    Mode(String bytes) {
      this.bytes = bytes;
    }

    String bytes(int number) {
      // As long as its placeholder.
      return bytes.replace("%s", "0" + number);
    }
  }

  private HostileServer server(boolean tls, Script script) throws Exception {
    return new HostileServer(
        tls ? UpstreamTlsTest.serverContext(Certificates.selfSigned(directory, "hostile")) : null,
        script);
  }

  private static Asking asking(HostileServer server) throws Exception {
    return asking(server.url());
  }

  private static Asking asking(URI url) throws Exception {
    UpstreamConfig config =
        new UpstreamConfig(
            Endpoint.of(url.toString()),
            UpstreamConfig.PresetName.AUTHENTIK,
            Duration.ofSeconds(10),
            256,
            1024,
            new DataSize(64L << 20),
            new ClientTls(null, null, null, null, true));
    return new Asking(url, UpstreamTlsContext.of(config));
  }

  /// Every second call may find its connection closed, and is then sent once more.
  private static void assertOwn(Outcome outcome) {
    switch (outcome) {
      case Outcome.Answered(UpstreamResponse answer) ->
          assertThat(Asking.body(answer)).matches("|0|0[0-9]");
      case Outcome.Failed(Fault fault) ->
          assertThat(fault).isIn(Fault.MALFORMED, Fault.BROKEN, Fault.NO_ANSWER);
    }
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void bytesAfterAResponse_inOneWrite_areNeverTheNextOne(Mode mode) throws Exception {
    for (boolean tls : new boolean[] {false, true}) {
      try (HostileServer server =
              server(tls, (number, connection) -> connection.write(mode.bytes(number)));
          Asking asking = asking(server)) {
        for (int i = 0; i < CALLS; i++) {
          assertOwn(asking.ask());
        }
        assertThat(asking.budget().held()).isZero();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void bytesAfterAResponse_inSeparateWrites_areNeverTheNextOne(Mode mode) throws Exception {
    for (boolean tls : new boolean[] {false, true}) {
      try (HostileServer server =
              server(
                  tls,
                  (number, connection) -> {
                    String bytes = mode.bytes(number);
                    for (int i = 0; i < bytes.length(); i++) {
                      connection.write(bytes.substring(i, i + 1));
                    }
                  });
          Asking asking = asking(server)) {
        Outcome first = asking.ask();
        assertOwn(first);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void secondResponse_whileTheConnectionIsIdle_closesIt(boolean tls) throws Exception {
    CountDownLatch answered = new CountDownLatch(1);
    CountDownLatch closed = new CountDownLatch(1);
    AtomicInteger first = new AtomicInteger();
    try (HostileServer server =
            server(
                tls,
                (number, connection) -> {
                  connection.write(ok(Integer.toString(number)));
                  if (first.getAndIncrement() == 0) {
                    await(answered);
                    connection.writeUntilClosed(FOREIGN);
                    closed.countDown();
                  }
                });
        Asking asking = asking(server)) {
      assertThat(Asking.body(asking.answer())).isEqualTo("0");
      answered.countDown();
      Await.until("the connection is closed", Duration.ofSeconds(30), () -> closed.getCount() == 0);
      assertThat(Asking.body(asking.answer())).isEqualTo("1");
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void interimResponses_withoutEnd_areTooLarge(boolean tls) throws Exception {
    try (HostileServer server =
            server(
                tls,
                (_, connection) ->
                    connection.writeUntilClosed(
                        "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n".repeat(500)));
        Asking asking = asking(server)) {
      assertThat(asking.ask()).isEqualTo(new Outcome.Failed(Fault.HEAD_TOO_LARGE));
    }
  }

  /// Each prefix of a response, then the end of the connection.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nX: y\r\nContent-Length: 4\r\n\r\nbody",
        "HTTP/1.1 103 A\r\n\r\nHTTP/1.1 200 OK\r\n" + CHUNKED + "\r\n4\r\nbody\r\n0\r\n\r\n",
      })
  void response_cutAtEachByte_isNeverTakenForWhole(String whole) throws Exception {
    for (boolean tls : new boolean[] {false, true}) {
      try (HostileServer server =
              server(
                  tls,
                  (number, connection) -> {
                    connection.write(whole.substring(0, Math.min(number, whole.length())));
                    connection.close();
                  });
          Asking asking = asking(server)) {
        for (int length = 0; length < whole.length(); length++) {
          assertThat(asking.ask())
              .as("after %d bytes", length)
              .isEqualTo(new Outcome.Failed(length == 0 ? Fault.NO_ANSWER : Fault.BROKEN));
        }
        assertThat(Asking.body(asking.answer())).isEqualTo("body");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void body_untilTheEndOfTheConnection_isReadWhole(boolean tls) throws Exception {
    try (HostileServer server =
            server(
                tls,
                (_, connection) -> {
                  connection.write("HTTP/1.1 200 OK\r\n\r\nbody");
                  connection.close();
                });
        Asking asking = asking(server)) {
      assertThat(Asking.body(asking.answer())).isEqualTo("body");
    }
  }

  /// Cut by an attacker: TLS would report a proper end by the server.
  @Test
  void body_untilTheEndOfTheConnection_thatIsCutWithinTls_isNeverTakenForWhole() throws Exception {
    CompletableFuture<String> end = new CompletableFuture<>();
    try (HostileServer server =
            server(
                true, (_, connection) -> connection.write("HTTP/1.1 200 OK\r\n\r\nhalf a body"));
        TestProxy proxy = new TestProxy(server.port());
        Asking asking = asking(proxy.url("https"))) {
      RequestHead request = new RequestHead("GET", "/", HeaderLines.of(List.of()));
      asking
          .loop()
          .execute(
              () -> asking.client().send(asking.loop(), request, null, new Cutter(proxy, end)));
      assertThat(end.get(30, TimeUnit.SECONDS)).isEqualTo("broken");
    }
  }

  /// Cuts the connection as soon as a part of the body has arrived.
  private record Cutter(TestProxy proxy, CompletableFuture<String> outcome)
      implements UpstreamClient.Receiver, BodySink {
    @Override
    public void responded(ResponseHead head, BodySource body) {
      body.start(this);
    }

    @Override
    public void failed(Fault fault, IOException reason) {
      outcome.complete("no response: " + fault);
    }

    @Override
    public boolean write(ByteBuf piece) {
      piece.release();
      proxy.cut();
      return true;
    }

    @Override
    public void end() {
      outcome.complete("whole");
    }

    @Override
    public void fail(IOException reason) {
      outcome.complete("broken");
    }

    @Override
    public void whenWritable(Runnable callback) {
      // There is always room.
    }
  }
}
