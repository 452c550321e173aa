package dev.postern.server.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.server.Exchange;
import dev.postern.testing.Await;
import dev.postern.testing.Certificates;
import dev.postern.testing.RawHttp;
import dev.postern.testing.RawMessage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Timeouts, memory and connections of HTTP/1.1, and handshakes.
class EdgeLimitsTest {
  private static final String GET = RawHttp.get("/", "Host: a");

  @TempDir Path directory;

  private static void until(String what, Callable<Boolean> condition) {
    Await.until(what, Duration.ofSeconds(20), condition);
  }

  private static void isClosed(RawHttp http) {
    assertThatThrownBy(http::read).isInstanceOf(IOException.class);
  }

  @Test
  void head_thatDoesNotArrive_is408() throws Exception {
    try (EdgeStage stage = EdgeStage.plain();
        RawHttp http = RawHttp.connect(stage.port())) {
      assertThat(http.exchange(GET).body()).isEqualTo("ok");
      http.send("GET / HTTP/1.1\r\nHo");
      long alone = stage.limits.connectionBytes();
      until("the head has begun", () -> stage.budget.held() > alone);
      stage.passes(Duration.ofSeconds(11));
      assertThat(http.read().status()).isEqualTo(408);
      isClosed(http);
      assertThat(stage.events).containsExactly("head_time");
    }
  }

  @Test
  void body_thatDoesNotArrive_is408() throws Exception {
    try (EdgeStage stage = EdgeStage.plain();
        RawHttp http = RawHttp.connect(stage.port())) {
      http.send(
          "POST /whole HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n");
      assertThat(http.readHead().status()).isEqualTo(100);
      stage.passes(Duration.ofSeconds(31));
      assertThat(http.read().status()).isEqualTo(408);
      isClosed(http);
      assertThat(stage.events).containsExactly("body_progress");
    }
  }

  @Test
  void connection_withoutRequest_isClosedLaterForATrustedPeer() throws Exception {
    try (EdgeStage trusted = EdgeStage.plain();
        EdgeStage other = EdgeStage.plain(limits -> limits, false);
        RawHttp served = RawHttp.connect(trusted.port());
        RawHttp closed = RawHttp.connect(other.port())) {
      until(
          "both are open",
          () -> trusted.server().openConnections() == 1 && other.server().openConnections() == 1);
      trusted.passes(Duration.ofSeconds(100));
      other.passes(Duration.ofSeconds(11));
      isClosed(closed);
      assertThat(served.exchange(GET).body()).isEqualTo("ok");
      trusted.passes(Duration.ofSeconds(181));
      isClosed(served);
    }
  }

  @Test
  void peer_thatDoesNotRead_isClosed() throws Exception {
    try (EdgeStage stage = EdgeStage.plain();
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), stage.port())) {
      socket.setReceiveBufferSize(4096);
      for (int i = 0; i < 100; i++) {
        socket
            .getOutputStream()
            .write(
                RawHttp.get("/large", "Host: a")
                    .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
      }
      long alone = stage.limits.connectionBytes();
      until("a response waits", () -> stage.budget.held() >= alone + EchoHandler.LARGE_BYTES);
      // However many are requested, only one waits.
      assertThat(stage.budget.held()).isLessThan(alone + 3L * EchoHandler.LARGE_BYTES);
      until(
          "it is closed",
          () -> {
            stage.passes(Duration.ofSeconds(16));
            return stage.server().openConnections() == 0;
          });
      until("all is given back", () -> stage.budget.held() == 0);
      assertThat(stage.events).containsExactly("write_progress");
    }
  }

  @Test
  void heads_stillIncomplete_areCountedAndTrustedPeersServed() throws Exception {
    try (EdgeStage stage =
        EdgeStage.plain(
            limits ->
                new ChangedLimits(limits)
                    .with("memoryBytes", 4_000_000L)
                    .with("untrustedMemoryBytes", 2_000_000L)
                    .limits(),
            peer -> peer.getHostAddress().equals("127.0.0.1"))) {
      InetAddress other = InetAddress.ofLiteral("127.0.0.2");
      List<RawHttp> flood = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        RawHttp http = RawHttp.connect(other, stage.port());
        flood.add(http);
        try {
          http.send("GET / HTTP/1.1\r\nHost: a\r\nX: " + "v".repeat(500_000));
        } catch (IOException refused) {
          // The server refused it during the write.
        }
      }
      until("the limit is reached", () -> stage.events.contains("memory"));
      assertThat(stage.budget.held()).isLessThanOrEqualTo(2_000_000L);
      for (int i = 0; i < 10; i++) {
        until("the one before is given back", () -> stage.budget.held() <= 2_000_000L);
        assertThat(
                RawHttp.once(
                        stage.port(), RawHttp.get("/head", "Host: a", "X: " + "v".repeat(500_000)))
                    .status())
            .isEqualTo(200);
      }
      for (RawHttp http : flood) {
        http.close();
      }
      until("all is given back", () -> stage.budget.held() == 0);
    }
  }

  @Test
  void head_ofAnAnsweredRequest_isCountedUntilItsBodyIsOver() throws Exception {
    try (EdgeStage stage = EdgeStage.plain();
        RawHttp http = RawHttp.connect(stage.port())) {
      long alone = stage.limits.connectionBytes();
      String head =
          "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nX: "
              + "v".repeat(100_000)
              + "\r\n\r\n";
      http.send(head);
      assertThat(http.read().body()).isEqualTo("ok");
      assertThat(stage.handler.completions.poll(20, TimeUnit.SECONDS)).isNotNull();
      assertThat(stage.budget.held()).isGreaterThan(alone + 100_000L);
      http.send("all");
      until("it is given back", () -> stage.budget.held() == alone);
      http.send(head);
      assertThat(http.read().body()).isEqualTo("ok");
      // A body that arrives byte by byte does not keep it longer.
      stage.advance(Duration.ofSeconds(16));
      http.send("a");
      stage.passes(Duration.ofSeconds(16));
      until("it is given back", () -> stage.budget.held() <= alone);
    }
  }

  @Test
  void head_thatIsRefused_isNotCountedWhileTheConnectionLingers() throws Exception {
    try (EdgeStage stage = EdgeStage.plain();
        RawHttp http = RawHttp.connect(stage.port())) {
      http.send("GET / HTTP/1.1\r\nHost: a\r\nX: " + "v".repeat(500_000) + "\n");
      assertThat(http.read().status()).isEqualTo(400);
      until("it is given back", () -> stage.budget.held() == stage.limits.connectionBytes());
      assertThat(stage.server().openConnections()).isEqualTo(1);
    }
  }

  @Test
  void connections_ofUntrustedPeers_areLimited() throws Exception {
    try (EdgeStage stage =
        EdgeStage.plain(
            limits ->
                new ChangedLimits(limits)
                    .with("untrustedMemoryBytes", 10L * limits.connectionBytes())
                    .limits(),
            peer -> peer.getHostAddress().equals("127.0.0.1"))) {
      List<RawHttp> flood = new ArrayList<>();
      for (int i = 0; i < 15; i++) {
        flood.add(RawHttp.connect(InetAddress.ofLiteral("127.0.0.2"), stage.port()));
      }
      until("five are refused", () -> stage.events.size() == 5);
      assertThat(stage.events).containsOnly("connections");
      assertThat(RawHttp.once(stage.port(), GET).body()).isEqualTo("ok");
      for (RawHttp http : flood) {
        http.close();
      }
    }
  }

  @Test
  void clientThatLeaves_isNoticedDuringItsRequest() throws Exception {
    try (EdgeStage stage = EdgeStage.plain()) {
      Exchange exchange;
      try (RawHttp http = RawHttp.connect(stage.port())) {
        http.send(RawHttp.get("/hold", "Host: a"));
        exchange = Objects.requireNonNull(stage.handler.held.poll(20, TimeUnit.SECONDS));
      }
      var completion = Objects.requireNonNull(stage.handler.completions.poll(20, TimeUnit.SECONDS));
      assertThat(completion.complete()).isFalse();
      assertThat(completion.status()).isZero();
      assertThat(exchange.isOver()).isTrue();
    }
  }

  @Test
  void tlsOnAPlainEntryPoint_isReported() throws Exception {
    SSLContext client = Certificates.trustingAll();
    try (EdgeStage plain = EdgeStage.plain()) {
      assertThatThrownBy(() -> RawHttp.connectTls(plain.port(), client))
          .isInstanceOf(IOException.class);
      until("it is logged", () -> plain.events.contains("tlsOnPlain 127.0.0.1"));
    }
  }

  @Test
  void handshakes_thatFail_areReported() throws Exception {
    try (EdgeStage stage = EdgeStage.tls(directory)) {
      try (RawHttp http = RawHttp.connect(stage.port())) {
        http.send(GET);
        isClosed(http);
      }
      until("it is logged", () -> stage.events.contains("plainOnTls 127.0.0.1"));
      SSLContext strict =
          Certificates.trusting(Certificates.selfSigned(directory, "another").certificate());
      assertThatThrownBy(() -> RawHttp.connectTls(stage.port(), strict))
          .isInstanceOf(IOException.class);
      until(
          "it is logged",
          () -> stage.events.stream().anyMatch(event -> event.startsWith("certificateRefused")));
      try (RawHttp http = RawHttp.connectTls(stage.port(), Certificates.trustingAll())) {
        RawMessage response = http.exchange(RawHttp.get("/head", "Host: a"));
        assertThat(response.body()).contains("https://a");
      }
    }
  }

  @Test
  void handshake_thatDoesNotEnd_isClosed() throws Exception {
    try (EdgeStage stage =
            EdgeStage.tls(
                directory,
                limits ->
                    new ChangedLimits(limits).with("handshakeTime", Duration.ofMillis(50)).limits(),
                true);
        RawHttp http = RawHttp.connect(stage.port())) {
      isClosed(http);
      assertThat(stage.events).containsExactly("handshake_time");
    }
  }

  @Test
  void drain_endsIdleConnectionsAndServesTheOthers() throws Exception {
    try (EdgeStage stage = EdgeStage.plain();
        RawHttp idle = RawHttp.connect(stage.port());
        RawHttp busy = RawHttp.connect(stage.port())) {
      assertThat(idle.exchange(GET).closes()).isFalse();
      busy.send(RawHttp.get("/hold", "Host: a"));
      Exchange exchange = Objects.requireNonNull(stage.handler.held.poll(20, TimeUnit.SECONDS));
      stage.server().stopAccepting();
      stage.server().goAway();
      isClosed(idle);
      exchange.eventLoop().execute(() -> exchange.respond(EchoHandler.answer(200, "late")));
      RawMessage response = busy.read();
      assertThat(response.body()).isEqualTo("late");
      assertThat(response.closes()).isTrue();
    }
  }
}
