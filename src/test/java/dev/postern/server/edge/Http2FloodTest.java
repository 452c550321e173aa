package dev.postern.server.edge;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.postern.testing.Await;
import dev.postern.testing.Certificates;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/// Peers that send frames without end, violate the protocol, never finish or never read: their
/// connection ends, requests on other connections are served, and all memory is released.
class Http2FloodTest {
  private static final int WINDOW = 65_535;
  private static final int PADDED = 8;
  private static final byte[] CANCEL = {0, 0, 0, 8};
  private static final String[] POST = {
    ":method", "POST", ":scheme", "https", ":authority", "a", ":path", "/whole"
  };

  @TempDir static Path directory;
  private static SSLContext client;
  private static EdgeTls tls;

  @BeforeAll
  static void certificate() throws IOException, GeneralSecurityException {
    client = Certificates.trustingAll();
    tls =
        new EdgeTls(
            Certificates.serving(Certificates.selfSigned(directory, "edge")),
            EdgeTls.Clients.NOT_ASKED);
  }

  private static H2Client connect(EdgeStage stage) throws IOException {
    return H2Client.connect(stage.port(), client, WINDOW);
  }

  private static void until(String what, Callable<Boolean> condition) {
    Await.until(what, Duration.ofSeconds(30), condition);
  }

  /// What is sent first, what is sent repeatedly, and the limit that this exceeds.
  static Stream<Arguments> floods() {
    byte[] open = H2Client.head(1, false, H2Client.block(POST));
    byte[] whole = H2Client.head(1, true, H2Client.block(H2Client.get("/")));
    byte[] begun = H2Client.bytes(H2Client.HEADERS, 0, 1, H2Client.block(POST));
    byte[] reset = H2Client.bytes(H2Client.RST_STREAM, 0, 1, CANCEL);
    byte[] ack = H2Client.bytes(H2Client.SETTINGS, H2Client.ACK, 0, new byte[0]);
    return Stream.of(
        Arguments.of("empty DATA", open, data(0, 0), 11_000, "control_frames", 11),
        Arguments.of("DATA of padding", open, data(PADDED, 1), 11_000, "control_frames", 11),
        Arguments.of("DATA of much padding", open, data(PADDED, 100), 11_000, "control_frames", 11),
        Arguments.of("RST_STREAM", whole, reset, 11_000, "control_frames", 11),
        Arguments.of("acknowledgements", whole, ack, 11_000, "control_frames", 11),
        Arguments.of(
            "empty CONTINUATION",
            begun,
            H2Client.bytes(H2Client.CONTINUATION, 0, 1, new byte[0]),
            11_000,
            "protocol",
            11),
        Arguments.of(
            "CONTINUATION of a byte each",
            begun,
            H2Client.bytes(H2Client.CONTINUATION, 0, 1, new byte[] {0x20}),
            11_000,
            "protocol",
            11),
        Arguments.of("window beyond its limit", open, window(Integer.MAX_VALUE), 1, "protocol", 3),
        Arguments.of("a frame that is too large", open, large(), 1, "protocol", 6),
        Arguments.of(
            "a block that is no HPACK",
            new byte[0],
            H2Client.bytes(H2Client.HEADERS, 5, 1, new byte[] {(byte) 0x80}),
            1,
            "protocol",
            9));
  }

  private static byte[] data(int flags, int size) {
    byte[] payload = new byte[size];
    if (size > 0) {
      payload[0] = (byte) (size - 1);
    }
    return H2Client.bytes(H2Client.DATA, flags, 1, payload);
  }

  private static byte[] window(int room) {
    byte[] payload = {(byte) (room >> 24), (byte) (room >> 16), (byte) (room >> 8), (byte) room};
    return H2Client.bytes(H2Client.WINDOW_UPDATE, 0, 0, payload);
  }

  private static byte[] large() {
    return H2Client.bytes(H2Client.DATA, 0, 1, new byte[20_000]);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("floods")
  void flood_endsOnlyItsOwnConnection(
      String what, byte[] first, byte[] frame, int count, String limit, int code) throws Exception {
    try (EdgeStage stage = EdgeStage.with(tls);
        H2Client served = connect(stage)) {
      assertThat(served.await(served.request(true, H2Client.get("/"))).body).hasToString("ok");
      int held = served.request(true, H2Client.get("/hold"));
      served.settle();
      try (H2Client h2 = connect(stage)) {
        // A late acknowledgement could reach a closed connection, and the reset would lose the
        // GOAWAY.
        h2.settle();
        ByteArrayOutputStream flood = new ByteArrayOutputStream();
        flood.writeBytes(first);
        for (int i = 0; i < count; i++) {
          flood.writeBytes(frame);
        }
        Thread writer =
            Thread.startVirtualThread(() -> {
              try {
                h2.raw(flood.toByteArray());
              } catch (IOException closed) {
                // The server ends the connection during this write.
              }
            });
        h2.awaitEnd();
        writer.join();
        assertThat(stage.events).containsExactly(limit);
        assertThat(h2.goAway).isEqualTo(code);
      }
      var exchange = java.util.Objects.requireNonNull(stage.handler.held.poll());
      exchange.eventLoop().execute(() -> exchange.respond(EchoHandler.answer(200, "held")));
      assertThat(served.await(held).body).hasToString("held");
      until("one is open", () -> stage.server().openConnections() == 1);
      until("all is given back", () -> stage.budget.held() == stage.limits.tlsConnectionBytes());
    }
  }

  @Test
  void body_ofFramesWithoutContent_makesNoProgress() throws Exception {
    try (EdgeStage stage = EdgeStage.with(tls);
        H2Client h2 = connect(stage)) {
      int stream = h2.request(false, POST);
      for (int i = 0; i < 4; i++) {
        h2.raw(data(i % 2 == 0 ? 0 : PADDED, i % 2 == 0 ? 0 : 9));
        h2.settle();
        stage.advance(Duration.ofSeconds(10));
      }
      assertThat(h2.await(stream).status).isEqualTo(408);
      assertThat(stage.events).containsExactly("body_progress");
    }
  }

  @Test
  void peer_thatAcknowledgesNoSettings_losesItsConnection() throws Exception {
    try (EdgeStage stage = EdgeStage.with(tls);
        H2Client served = connect(stage);
        H2Client h2 = connect(stage)) {
      served.settle();
      int held = served.request(true, H2Client.get("/hold"));
      h2.acknowledges = false;
      assertThat(h2.await(h2.request(true, H2Client.get("/"))).body).hasToString("ok");
      stage.advance(Duration.ofSeconds(9));
      h2.settle();
      stage.passes(Duration.ofSeconds(2));
      h2.awaitEnd();
      assertThat(h2.goAway).isEqualTo(4);
      assertThat(stage.events).containsExactly("settings_time");
      var exchange =
          java.util.Objects.requireNonNull(
              stage.handler.held.poll(30, java.util.concurrent.TimeUnit.SECONDS));
      exchange.eventLoop().execute(() -> exchange.respond(EchoHandler.answer(200, "held")));
      assertThat(served.await(held).body).hasToString("held");
    }
  }

  @Test
  void peer_thatReadsNothing_losesItsConnection() throws Exception {
    try (EdgeStage stage = EdgeStage.with(tls);
        H2Client h2 = connect(stage)) {
      h2.settle();
      h2.raw(window(1_000_000_000));
      h2.frame(H2Client.SETTINGS, 0, 0, new byte[] {0, 4, 0x10, 0, 0, 0});
      Thread writer =
          Thread.startVirtualThread(() -> {
            try {
              for (int i = 0; i < 2_000; i++) {
                h2.request(true, H2Client.get("/large"));
              }
            } catch (IOException closed) {
              // The server ends the connection during this write.
            }
          });
      until("responses wait", () -> stage.budget.held() > 2L * EchoHandler.LARGE_BYTES);
      until(
          "it is closed",
          () -> {
            stage.passes(Duration.ofSeconds(16));
            return stage.server().openConnections() == 0;
          });
      writer.join();
      until("all is given back", () -> stage.budget.held() == 0);
      assertThat(stage.events).contains("write_progress");
    }
  }

  @Test
  void peer_killedWhileResponsesWait_isNotAProtocolError() throws Exception {
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    Logger netty = (Logger) LoggerFactory.getLogger("io.netty.channel.DefaultChannelPipeline");
    log.start();
    netty.addAppender(log);
    try (EdgeStage stage = EdgeStage.with(tls)) {
      for (int i = 0; i < 20; i++) {
        H2Client h2 = connect(stage);
        h2.settle();
        for (int request = 0; request < 10; request++) {
          h2.request(true, H2Client.get("/large"));
        }
        h2.reset();
      }
      until("all are closed", () -> stage.server().openConnections() == 0);
      until("all is given back", () -> stage.budget.held() == 0);
      assertThat(stage.events).isEmpty();
      assertThat(log.list).isEmpty();
    } finally {
      netty.detachAppender(log);
    }
  }
}
