package dev.postern.server.edge;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.postern.server.Exchange;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Random bytes after the preface of an HTTP/2 connection: the parsed requests do not depend on how
/// the bytes are split, none is ambiguous, errors end only the connection or stream, and at the end
/// no memory stays counted or referenced.
public final class FuzzFrames {
  private static final EdgeLimits LIMITS =
      new ChangedLimits(EdgeLimits.forHeap(64L * 1024 * 1024))
          .with("headBytes", 2000)
          .with("headLines", 20)
          .with("headerBlockBytes", 4000)
          .with("controlFrames", 50)
          .with("resets", 5)
          .limits();
  private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(ISO_8859_1);
  private static final byte[] SETTINGS = H2Client.bytes(H2Client.SETTINGS, 0, 0, new byte[0]);

  private FuzzFrames() {}

  /// Called by the fuzzer.
  ///
  /// @param data the first byte selects whether the peer is trusted and the size of pieces; the
  ///   rest are frames
  public static void fuzzerTestOneInput(byte[] data) {
    if (data.length == 0) {
      return;
    }
    boolean trusted = (data[0] & 0x80) != 0;
    Connection whole = new Connection(trusted);
    whole.takeAll(data, data.length);
    Connection cut = new Connection(trusted);
    cut.takeAll(data, 1 + (data[0] & 0x1f));
    // A limit may end the connection before the bytes that arrived with the offending frame.
    if (whole.broken.isEmpty()
        && cut.broken.isEmpty()
        && !whole.understood.equals(cut.understood)) {
      throw new IllegalStateException(
          "in one: " + whole.understood + "\nin pieces: " + cut.understood);
    }
  }

  /// One connection, from its beginning to its end.
  private static final class Connection {
    private final UnpooledByteBufAllocator memory = new UnpooledByteBufAllocator(false, true);
    private final MemoryBudget budget = new MemoryBudget(LIMITS);
    private final List<String> understood = new ArrayList<>();
    private final List<String> broken = new ArrayList<>();
    private final EchoHandler handler = new EchoHandler();
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final LoopState loop;

    Connection(boolean trusted) {
      channel.config().setAllocator(memory);
      loop = new LoopState(channel.eventLoop(), () -> 0, Clock.systemUTC(), Duration.ofDays(1));
      Peer peer =
          new Peer(
              new InetSocketAddress(InetAddress.getLoopbackAddress(), 1),
              9443,
              trusted,
              null,
              loop,
              LIMITS,
              budget,
              new Listening(),
              this::handle);
      channel.pipeline().addLast(Http2Session.of(peer));
    }

    private void handle(Exchange exchange) {
      Exchange.Head head = exchange.head();
      StringBuilder text = new StringBuilder(head.method() + " " + head.target() + "\n");
      head.headers().forEach((name, value) -> line(text, name, value));
      if (head.headers().count("Host") != 1 || !head.target().startsWith("/")) {
        throw new IllegalStateException("accepted: " + text);
      }
      understood.add(text.toString());
      handler.handle(exchange);
    }

    private static void line(StringBuilder text, String name, String value) {
      text.append(name).append(": ").append(value).append('\n');
      if (!name.matches("[!#$%&'*+.^_`|~0-9a-z-]+")
          || !value.equals(value.strip())
          || value.matches("(?s).*[\\x00-\\x08\\x0a-\\x1f\\x7f].*")) {
        throw new IllegalStateException("accepted: " + text);
      }
    }

    void takeAll(byte[] data, int pieceSize) {
      take(PREFACE, 0, PREFACE.length);
      take(SETTINGS, 0, SETTINGS.length);
      for (int at = 1; at < data.length; at += pieceSize) {
        take(data, at, Math.min(pieceSize, data.length - at));
      }
      // Whatever waits for the peer or for bodies must time out.
      for (int seconds : new int[] {31, 62, 300, 600}) {
        for (LoopState.Member member : loop.members()) {
          member.sweep(Duration.ofSeconds(seconds).toNanos());
        }
        drain();
      }
      // The peer closes the connection; closing it here would wait for its streams.
      if (channel.isOpen()) {
        var _ = channel.pipeline().firstContext().close();
        drain();
      }
      channel.finishAndReleaseAll();
      check(data);
    }

    private void take(byte[] data, int from, int size) {
      ByteBuf piece = memory.buffer(size).writeBytes(data, from, size);
      if (!channel.isOpen()) {
        piece.release();
        return;
      }
      channel.writeInbound(piece);
      drain();
    }

    private void drain() {
      channel.runPendingTasks();
      channel.checkException();
      for (Object out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
        ReferenceCountUtil.release(out);
      }
    }

    private void check(byte[] data) {
      if (budget.held() != 0) {
        throw new IllegalStateException("still counted: " + budget.held());
      }
      long kept = memory.metric().usedHeapMemory() + memory.metric().usedDirectMemory();
      if (kept != 0) {
        throw new IllegalStateException("still kept: " + kept + " after " + data.length);
      }
      if (loop.members().length != 0) {
        throw new IllegalStateException("still looked at");
      }
    }

    private final class Listening extends NoListener {
      @Override
      public void limit(Limit limit, String peer) {
        // The other limits concern a single request.
        if (limit.scope() == Limit.Scope.PEER) {
          broken.add(limit.label());
        }
      }
    }
  }
}
