package dev.postern.feeds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.postern.testing.Await;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The feed with peers that refuse, misbehave, freeze or disconnect.
class WebsocketPeerTest extends FeedFixture {
  @Test
  void request_isAWebsocketHandshakeWithTheTokenAndAnInstanceOfItsOwn() throws IOException {
    RawPeer peer = closing(new RawPeer(connection -> connection.awaitEnd()));
    feed(peer.port());
    Await.until("a request", LIMIT, () -> !peer.heads.isEmpty());
    String head = peer.heads.getFirst();
    assertThat(head)
        .isEqualTo(
            String.join(
                "\r\n",
                "GET /ws/outpost/" + ID + "/?instance_uuid=" + uuid(head) + " HTTP/1.1",
                "Host: 127.0.0.1:" + peer.port(),
                "Connection: Upgrade",
                "Upgrade: websocket",
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: " + key(head),
                "Authorization: Bearer " + TOKEN,
                "User-Agent: Postern",
                "",
                ""));
  }

  private static String uuid(String head) {
    return head.replaceFirst("(?s).*instance_uuid=([0-9a-f-]{36}).*", "$1");
  }

  private static String key(String head) {
    return head.replaceFirst("(?s).*Sec-WebSocket-Key: ([0-9A-Za-z+/]{22}==)\r\n.*", "$1");
  }

  static Stream<Arguments> refusals() {
    return Stream.of(
        arguments("HTTP/1.1 401 No\r\n\r\n", "refuses the token (401)"),
        arguments("HTTP/1.1 403\r\n\r\n", "refuses the token (403)"),
        arguments("HTTP/1.0 404 No\r\n\r\n", "no such outpost (404)"),
        arguments(
            "HTTP/1.1 302 Found\r\nlocation: https://other.test:8443/x?token=secret\r\n\r\n",
            "redirects (302) to https://other.test:8443; set"),
        arguments(
            "HTTP/1.1 308 Moved\r\nLocation: /login\r\n\r\n", "redirects (308) to another path"),
        arguments("HTTP/1.1 301 Moved\r\n\r\n", "redirects (301) to another path"),
        arguments("HTTP/1.1 301 Moved\r\nLocation: h t t p\r\n\r\n", "redirects (301) to nowhere"),
        arguments(
            "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "answers 200 instead of a websocket"),
        arguments("HTTP/1.1 502 Bad\r\n\r\n", "answers 502 instead of a websocket"),
        arguments("HTTP/1.1 101 Yes\r\nUpgrade: websocket\r\n\r\n", "Sec-WebSocket-Accept"),
        arguments("SSH-2.0-OpenSSH\r\n\r\n", "something that is not HTTP"),
        arguments("HTTP/1.1 abc\r\n\r\n", "something that is not HTTP"),
        arguments("RTSP/1.0 200 OK\r\n\r\n", "something that is not HTTP"),
        arguments("HTTP/2.0 200 OK\r\n\r\n", "something that is not HTTP"),
        arguments("HTTP/1.1 103 Early\r\n\r\n", "answers 103 instead of a websocket"),
        arguments("\r\n\r\n", "closed before the websocket was open"),
        arguments("HTTP/1.1 101 Yes\r\nUpg", "closed before the websocket was open"),
        arguments("", "closed before the websocket was open"),
        arguments("x".repeat(20_000), "a head above 16 KiB"),
        arguments("HTTP/1.1 101 Yes\r\nA: " + "x".repeat(20_000), "a head above 16 KiB"),
        arguments("HTTP/1.1 101 Yes\r\n" + "A: b\r\n".repeat(5_000), "a head above 16 KiB"));
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void handshake_refused_reportsReasonAndFix(String answer, String reason) throws IOException {
    RawPeer peer = closing(new RawPeer(connection -> connection.send(answer)));
    assertThat(awaitError(feed(peer.port()))).contains(reason).doesNotContain("token=secret");
    assertThat(watched.happened).doesNotContain("connected");
  }

  /// What a peer sends once the feed trusts it, and the feed's error.
  static Stream<Arguments> misbehaviour() {
    return Stream.of(
        arguments(new byte[] {(byte) 0x81}, "did not end within"),
        arguments(new byte[] {(byte) 0x81, 5, 'a', 'b'}, "did not end within"),
        arguments(new byte[] {0x01, 1, '{'}, "did not end within"),
        arguments(new byte[] {(byte) 0x81, 126, (byte) 0xff}, "did not end within"),
        arguments(
            new byte[] {(byte) 0x81, 127, 0, 0, 0, 0, 0, 1, 0, 1}, "a message above 65536 bytes"),
        arguments(
            new byte[] {(byte) 0x81, 127, -1, -1, -1, -1, -1, -1, -1, -1},
            "a message above 65536 bytes"),
        arguments(new byte[] {(byte) 0x81, (byte) 0x81, 1, 2, 3, 4, 5}, "a masked frame"),
        arguments(new byte[] {(byte) 0xc1, 0}, "reserved bits"),
        arguments(new byte[] {(byte) 0x83, 0}, "an unknown frame type"),
        arguments(new byte[] {(byte) 0x80, 1, 'a'}, "fragments out of order"),
        arguments(new byte[] {0x01, 1, 'a', (byte) 0x81, 1, 'b'}, "fragments out of order"),
        arguments(new byte[] {(byte) 0xa1, 0}, "reserved bits"),
        arguments(new byte[] {(byte) 0x91, 0}, "reserved bits"),
        arguments(new byte[] {(byte) 0x8b, 0}, "an unknown frame type"),
        arguments(new byte[] {0x09, 0}, "a fragmented control frame"),
        arguments(new byte[] {(byte) 0x81, 126, 0, 1, 'a'}, "not using minimal length encoding"),
        arguments(new byte[] {(byte) 0x88, 1, 3}, "close control frame with payload len 1"),
        arguments(new byte[] {(byte) 0x89, 126, 0, 126}, "an oversized control frame"),
        arguments(new byte[] {(byte) 0x81, 2, (byte) 0xc3, 0x28}, "not UTF-8"),
        arguments(new byte[] {(byte) 0x82, 2, (byte) 0xc3, 0x28}, "not UTF-8"),
        arguments(RawPeer.Connection.text("not JSON"), "not an instruction"),
        arguments(new byte[] {(byte) 0x88, 0}, "with no code"),
        arguments(new byte[] {(byte) 0x88, 2, 0x0f, (byte) 0xa1}, "with code 4001"));
  }

  @ParameterizedTest
  @MethodSource("misbehaviour")
  void connection_thatMisbehaves_revokesAndReconnects(byte[] bytes, String reason)
      throws IOException {
    RawPeer peer =
        closing(
            new RawPeer(connection -> {
              connection.accept();
              connection.pong();
              if (connection.number() == 1) {
                awaitHappened("connected", 1);
                connection.out().write(bytes);
                connection.out().flush();
              }
              connection.awaitEnd();
            }));
    WebsocketFeed feed = feed(peer.port());
    assertThat(awaitError(feed)).contains(reason);
    awaitHappened("connected", 2);
    assertThat(watched.happened)
        .containsSubsequence(
            "connected", "revoked", "lost", "reconnecting", "revoked", "connected");
  }

  @Test
  void fragments_thatNeverEnd_areLimited() throws IOException {
    RawPeer peer =
        closing(
            new RawPeer(connection -> {
              connection.accept();
              connection.pong();
              byte[] kilobyte = new byte[1024 + 4];
              kilobyte[1] = 126;
              kilobyte[2] = 4;
              kilobyte[0] = 1;
              while (true) {
                connection.out().write(kilobyte);
                kilobyte[0] = 0;
              }
            }));
    assertThat(awaitError(feed(peer.port()))).contains("a message above 65536 bytes");
  }

  @Test
  void fragments_endlessEmptyOnes_timeOutAndBlockNoOther() throws Exception {
    RawPeer peer =
        closing(
            new RawPeer(connection -> {
              connection.accept();
              connection.pong();
              byte[] empty = new byte[8192];
              connection.send(0x01, 0);
              while (true) {
                connection.out().write(empty);
              }
            }));
    WebsocketFeed feed = feed(peer.port());
    Await.until("a connection", LIMIT, () -> peer.accepted.get() > 0);
    // Each event loop continues with its other work.
    for (EventExecutor loop : loops.group()) {
      for (int i = 0; i < 100; i++) {
        assertThat(loop.submit(() -> "done").get(LIMIT.toSeconds(), TimeUnit.SECONDS))
            .isEqualTo("done");
      }
    }
    assertThat(awaitError(feed)).contains("did not end within");
  }

  @Test
  void message_inFragmentsWithAPingBetween_isReceivedOnceAndThePingAnswered() throws IOException {
    RawPeer peer =
        closing(
            new RawPeer(connection -> {
              connection.accept();
              connection.pong();
              byte[] end = END.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
              connection.send(0x01, 10);
              connection.out().write(end, 0, 10);
              connection.send(0x89, 2, 'h', 'i');
              connection.send(0x80, end.length - 10);
              connection.out().write(end, 10, end.length - 10);
              connection.out().flush();
              connection.awaitEnd();
            }));
    feed(peer.port());
    awaitHappened("SESSION_END", 1);
  }

  @Test
  void server_thatFreezes_isNoticed() throws IOException {
    RawPeer peer =
        closing(
            new RawPeer(connection -> {
              connection.accept();
              connection.pong();
              connection.awaitEnd();
            }));
    WebsocketFeed feed = feed(peer.port());
    awaitHappened("connected", 1);
    assertThat(awaitError(feed)).contains("silent for");
    awaitHappened("lost", 1);
  }

  /// How many bytes of a conversation the peer sends before it drops the connection.
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 20, 129, 130, 131, 132, 133, 140, 180, 186})
  void connection_droppedAtAnyByte_isRetried(int bytes) throws IOException {
    RawPeer peer =
        closing(
            new RawPeer(connection -> {
              if (connection.number() > 1) {
                connection.accept();
                connection.pong();
                connection.message(END);
                connection.awaitEnd();
                return;
              }
              var whole = new java.io.ByteArrayOutputStream();
              var recorded = new RawPeer.Connection(1, connection.head(), connection.in(), whole);
              recorded.accept();
              recorded.pong();
              recorded.message(END);
              connection.out().write(whole.toByteArray(), 0, Math.min(bytes, whole.size()));
              connection.out().flush();
            }));
    WebsocketFeed feed = feed(peer.port());
    awaitHappened("SESSION_END", 1);
    awaitConnected(feed);
  }
}
