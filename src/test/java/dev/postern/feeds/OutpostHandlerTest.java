package dev.postern.feeds;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.config.FeedsConfig.Websocket;
import dev.postern.config.Secret;
import dev.postern.config.tls.ClientTls;
import dev.postern.net.Endpoint;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Both sides of a connection without a network; time passes only where a test says so.
class OutpostHandlerTest {
  private static final Duration AT_ONCE = Duration.ZERO;

  private long nanos = 7;
  private int reads;
  private final Arrivals arrivals = new Arrivals();
  private final OutpostHandler handler =
      new OutpostHandler(
          new Handshake(
              new Websocket(
                  Endpoint.of("http://authentik_server:9000"),
                  "6c0d3c62-0000-4000-8000-000000000001",
                  new Secret("token"),
                  ClientTls.STANDARD),
              "instance",
              OutpostHandler.MAX_MESSAGE_BYTES),
          arrivals,
          () -> nanos,
          false);
  private final EmbeddedChannel network =
      new EmbeddedChannel(
          new ChannelOutboundHandlerAdapter() {
            @Override
            public void read(ChannelHandlerContext context) {
              reads++;
              context.read();
            }
          });
  private final OutpostChannel channel =
      new OutpostChannel(network, arrivals, Duration.ofSeconds(10), () -> nanos);

  @BeforeEach
  void connect() {
    network.pipeline().addLast(handler.handlers());
    network.pipeline().fireChannelActive();
  }

  @AfterEach
  void close() {
    network.finishAndReleaseAll();
  }

  private String sent() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (ByteBuf next = network.readOutbound(); next != null; next = network.readOutbound()) {
      byte[] bytes = new byte[next.readableBytes()];
      next.readBytes(bytes).release();
      all.writeBytes(bytes);
    }
    return all.toString(ISO_8859_1);
  }

  private void arrive(byte[] bytes) {
    network.writeInbound(Unpooled.wrappedBuffer(bytes));
    network.runPendingTasks();
  }

  private void arrive(int... bytes) {
    byte[] all = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      all[i] = (byte) bytes[i];
    }
    arrive(all);
  }

  /// A frame whose payload length needs two bytes or more.
  private static byte[] frame(int first, int length) {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.write(first);
    if (length > 0xffff) {
      frame.write(127);
      frame.writeBytes(new byte[5]);
      frame.write(length >> 16);
    } else {
      frame.write(126);
    }
    frame.write(length >> 8);
    frame.write(length);
    frame.writeBytes("a".repeat(length).getBytes(UTF_8));
    return frame.toByteArray();
  }

  private byte[] acceptance() throws Exception {
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    new RawPeer.Connection(1, sent(), java.io.InputStream.nullInputStream(), answer).accept();
    return answer.toByteArray();
  }

  private void open() throws Exception {
    arrive(acceptance());
    assertThat(handler.opened()).isCompleted();
    reads = 0;
  }

  @Test
  void request_toAHostWithAnUnderscore_namesIt() {
    assertThat(sent()).contains("\r\nHost: authentik_server:9000\r\n").doesNotContain("rigin");
  }

  @Test
  void acceptance_withFramesInTheSamePacket_losesNone() throws Exception {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(acceptance());
    all.writeBytes(RawPeer.Connection.text("one"));
    all.writeBytes(RawPeer.Connection.text("two"));
    arrive(all.toByteArray());
    assertThat(channel.receive(AT_ONCE)).isEqualTo(new Received.Text("one"));
    assertThat(channel.receive(AT_ONCE)).isEqualTo(new Received.Text("two"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Upgrade", "Connection", "Sec-WebSocket-Accept"})
  void acceptance_withoutOneHeader_opensNothing(String header) throws Exception {
    String whole = new String(acceptance(), ISO_8859_1);
    arrive(whole.replaceFirst("\r\n" + header + ": [^\r]*", "").getBytes(ISO_8859_1));
    assertThat(handler.opened()).isCompletedExceptionally();
    assertThat(network.isOpen()).isFalse();
  }

  @Test
  void acceptance_atAnyCut_opens() throws Exception {
    for (byte one : acceptance()) {
      arrive(one);
    }
    arrive(RawPeer.Connection.text("one"));
    assertThat(channel.receive(AT_ONCE)).isEqualTo(new Received.Text("one"));
  }

  @Test
  void messages_notTaken_stopReading() throws Exception {
    open();
    arrive(RawPeer.Connection.text("one"));
    arrive(RawPeer.Connection.text("two"));
    assertThat(network.config().isAutoRead()).isFalse();
    assertThat(reads).as("without a request").isZero();
    channel.receive(AT_ONCE);
    channel.receive(AT_ONCE);
    assertThat(reads).as("while something waits").isZero();
    assertThat(channel.receive(AT_ONCE)).isEqualTo(new Received.Silence());
    assertThat(reads).isOne();
  }

  @Test
  void fragments_afterAMessageNotTaken_stopReading() throws Exception {
    open();
    arrive(RawPeer.Connection.text("one"));
    arrive(0x01, 1, 'a');
    assertThat(reads).as("while something waits").isZero();
    assertThat(channel.receive(AT_ONCE)).isEqualTo(new Received.Text("one"));
    assertThat(channel.receive(AT_ONCE)).isEqualTo(new Received.Silence());
    assertThat(reads).isPositive();
    arrive(0x80, 1, 'b');
    assertThat(channel.receive(AT_ONCE)).isEqualTo(new Received.Text("ab"));
  }

  @Test
  void message_ofTheMaximumSize_isReceived() throws Exception {
    open();
    arrive(frame(0x81, 65_536));
    assertThat(channel.receive(AT_ONCE)).isEqualTo(new Received.Text("a".repeat(65_536)));
    arrive(frame(0x01, 65_000));
    arrive(frame(0x80, 536));
    assertThat(channel.receive(AT_ONCE)).isEqualTo(new Received.Text("a".repeat(65_536)));
  }

  @Test
  void message_aByteAboveTheMaximumSize_isRefusedBeforeItIsRead() throws Exception {
    open();
    arrive(0x81, 127, 0, 0, 0, 0, 0, 1, 0, 1);
    assertThatThrownBy(() -> channel.receive(AT_ONCE)).hasMessageContaining("above 65536 bytes");
    assertThat(network.isOpen()).isFalse();
  }

  @Test
  void fragments_aByteAboveTheMaximumSize_areRefused() throws Exception {
    open();
    arrive(frame(0x01, 65_000));
    arrive(frame(0x80, 537));
    assertThatThrownBy(() -> channel.receive(AT_ONCE)).hasMessageContaining("above 65536 bytes");
    assertThat(network.isOpen()).isFalse();
  }

  @Test
  void message_splitAtEachByte_isReceivedOnce() throws Exception {
    open();
    for (byte one : RawPeer.Connection.text("one")) {
      arrive(one);
    }
    assertThat(channel.receive(AT_ONCE)).isEqualTo(new Received.Text("one"));
    nanos += TimeUnit.SECONDS.toNanos(20);
    assertThat(channel.receive(AT_ONCE)).as("it has ended").isEqualTo(new Received.Silence());
  }

  @Test
  void message_withEndlessPingsAndEmptyFragments_timesOut() throws Exception {
    open();
    arrive(0x01, 1, 'a');
    assertThat(channel.receive(AT_ONCE)).isEqualTo(new Received.Silence());
    for (int i = 0; i < 9; i++) {
      nanos += TimeUnit.SECONDS.toNanos(1);
      arrive(0x00, 0, 0x89, 0);
      assertThat(channel.receive(AT_ONCE)).isEqualTo(new Received.Alive());
    }
    nanos += TimeUnit.SECONDS.toNanos(1);
    arrive(0x00, 0, 0x89, 0);
    assertThatThrownBy(() -> channel.receive(AT_ONCE))
        .hasMessageContaining("a message did not end within 10 s");
  }

  @Test
  void message_afterAFragmentedOne_hasItsOwnTime() throws Exception {
    open();
    arrive(0x01, 1, 'a');
    assertThat(channel.receive(AT_ONCE)).isEqualTo(new Received.Silence());
    nanos += TimeUnit.SECONDS.toNanos(9);
    arrive(0x80, 1, 'b', 0x81);
    assertThat(channel.receive(AT_ONCE)).isEqualTo(new Received.Text("ab"));
    assertThat(channel.receive(AT_ONCE)).isEqualTo(new Received.Silence());
    nanos += TimeUnit.SECONDS.toNanos(9);
    arrive(1, 'c');
    assertThat(channel.receive(AT_ONCE)).isEqualTo(new Received.Text("c"));
  }

  @Test
  void pings_thousands_areAnsweredOnceASecondAndMerged() throws Exception {
    open();
    for (int i = 0; i < 1000; i++) {
      arrive(0x89, 2, 'h', 'i');
    }
    assertThat(unmasked(sent())).isEqualTo("\u008a\u0082hi");
    assertThat(channel.receive(AT_ONCE)).isEqualTo(new Received.Alive());
    assertThat(channel.receive(AT_ONCE)).isEqualTo(new Received.Silence());
    nanos += TimeUnit.SECONDS.toNanos(1);
    arrive(0x89, 2, 'y', 'o');
    assertThat(unmasked(sent())).isEqualTo("\u008a\u0082yo");
    assertThat(channel.receive(AT_ONCE)).isEqualTo(new Received.Alive());
  }

  /// The only frame, unmasked.
  private static String unmasked(String frame) {
    StringBuilder text = new StringBuilder(frame.substring(0, 2));
    for (int i = 6; i < frame.length(); i++) {
      text.append((char) (frame.charAt(i) ^ frame.charAt(2 + (i - 6) % 4)));
    }
    return text.toString();
  }

  @Test
  void peer_thatReadsNothing_isSentNoMore() throws Exception {
    open();
    network.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
    arrive(0x89, 0);
    channel.ping();
    assertThat(sent()).isEmpty();
    network.unsafe().outboundBuffer().setUserDefinedWritability(1, true);
    channel.ping();
    assertThat(sent()).hasSize(6).startsWith("\u0089\u0080");
  }

  @Test
  void close_endsTheWaitingEvenWithoutAnEvent() throws Exception {
    open();
    channel.close();
    assertThatThrownBy(() -> channel.receive(Duration.ofDays(1)))
        .isInstanceOf(ConnectionLost.class);
  }
}
