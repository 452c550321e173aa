package dev.postern.server.edge;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Random bytes as HTTP/1.1 requests: the result does not depend on how the bytes are split, no
/// memory stays counted after everything was refused or released, and no accepted head is
/// ambiguous.
public final class FuzzHeads {
  private static final EdgeLimits LIMITS = EdgeLimits.forHeap(64L * 1024 * 1024);
  private static final LoopState LOOP =
      new LoopState(
          new EmbeddedChannel().eventLoop(),
          System::nanoTime,
          Clock.systemUTC(),
          Duration.ofDays(1));

  private FuzzHeads() {}

  /// Called by the fuzzer.
  ///
  /// @param data bytes of a connection
  public static void fuzzerTestOneInput(byte[] data) {
    String whole = read(data, data.length);
    for (int size : new int[] {1, 3, 7}) {
      String cut = read(data, size);
      if (!cut.equals(whole)) {
        throw new IllegalStateException("in pieces of " + size + ": " + cut + "\nelse: " + whole);
      }
    }
  }

  /// The parsed requests when the bytes arrive in pieces.
  private static String read(byte[] data, int pieceSize) {
    MemoryBudget budget = new MemoryBudget(LIMITS);
    Peer peer =
        new Peer(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 1),
            9000,
            true,
            null,
            LOOP,
            LIMITS,
            budget,
            new NoListener(),
            exchange -> {});
    Reading reading = new Reading(peer);
    for (int at = 0; at < data.length && !reading.refused; at += Math.max(1, pieceSize)) {
      int size = Math.min(Math.max(1, pieceSize), data.length - at);
      reading.take(Unpooled.copiedBuffer(data, at, size));
    }
    reading.heads.release();
    if (budget.held() != 0) {
      throw new IllegalStateException("still counted: " + budget.held());
    }
    return reading.understood.toString();
  }

  /// One connection that reads requests and their bodies.
  private static final class Reading {
    private final Peer peer;
    private final HeadReader heads;
    private final StringBuilder understood = new StringBuilder();
    private @Nullable ChunkedBody chunks;
    private long left;
    private boolean refused;

    Reading(Peer peer) {
      this.peer = peer;
      this.heads = new HeadReader(peer);
    }

    void take(ByteBuf input) {
      try {
        while (input.isReadable()) {
          if (chunks == null && left == 0) {
            head(input);
          } else {
            body(input);
          }
        }
      } catch (RefusedException e) {
        refused = true;
        understood.append("refused ").append(e.refusal().status());
      } finally {
        input.release();
      }
    }

    private void head(ByteBuf input) throws RefusedException {
      Http1Head head = heads.read(input);
      if (head == null) {
        return;
      }
      peer.give(heads.cost());
      understood.append(head.method()).append(' ').append(head.target()).append('\n');
      head.lines().forEach(this::line);
      if (head.lines().count("Content-Length") > 1
          || (head.lines().count("Content-Length") == 1
              && head.lines().count("Transfer-Encoding") > 0)
          || head.lines().count("Host") > 1) {
        throw new IllegalStateException("ambiguous: " + understood);
      }
      if (head.contentLength() == Http1Head.CHUNKED) {
        chunks = new ChunkedBody();
      } else {
        left = head.contentLength();
      }
    }

    private void line(String name, String value) {
      understood.append(name).append(": ").append(value).append('\n');
      if (!name.matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+")
          || !value.equals(value.strip())
          || value.matches("(?s).*[\\x00-\\x08\\x0a-\\x1f\\x7f].*")) {
        throw new IllegalStateException("accepted: " + name + ": " + value);
      }
    }

    private void body(ByteBuf input) throws RefusedException {
      ChunkedBody present = chunks;
      if (present == null) {
        int size = (int) Math.min(left, input.readableBytes());
        left -= size;
        understood.append(input.readCharSequence(size, ISO_8859_1));
        return;
      }
      ByteBuf piece = present.next(input);
      if (piece != null) {
        understood.append(piece.toString(ISO_8859_1));
        piece.release();
      }
      if (present.isEnd()) {
        understood.append("|end\n");
        chunks = null;
      }
    }
  }
}
