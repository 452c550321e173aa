package dev.postern.upstream.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.xnio.IoUtils;
import org.xnio.channels.StreamSinkChannel;
import org.xnio.conduits.AbstractStreamSourceConduit;
import org.xnio.conduits.ConduitReadableByteChannel;
import org.xnio.conduits.StreamSourceConduit;

/// The body of an answer without its framing. Reading it past its end gives -1 and leaves the
/// connection open; a body that breaks off is an exception, never an end.
final class AnswerBody extends AbstractStreamSourceConduit<StreamSourceConduit> {
  private final ByteBuffer input;
  private final BodyDecoder decoder;
  private boolean ended;

  /// @param next the connection
  /// @param input bytes that were read from it behind the head, ready to be taken
  AnswerBody(StreamSourceConduit next, ByteBuffer input, Framing framing) {
    super(next);
    this.input = input;
    this.decoder = BodyDecoder.of(framing);
    this.ended = decoder.hasEnded();
  }

  /// Whether the answer has been read to its end and nothing has come behind it.
  boolean leavesCleanConnection() {
    return ended && !input.hasRemaining() && !decoder.endsWithConnection();
  }

  @Override
  public int read(ByteBuffer out) throws IOException {
    int start = out.position();
    while (!ended && out.hasRemaining() && out.position() == start) {
      if (!input.hasRemaining() && !fill()) {
        return 0;
      }
      ByteBuf in =
          Unpooled.wrappedBuffer(
              input.duplicate().limit(Math.min(input.limit(), input.position() + out.remaining())));
      ByteBuf piece = decoder.next(in);
      input.position(input.position() + in.readerIndex());
      if (piece != null) {
        ByteBuffer target = out.duplicate().limit(out.position() + piece.readableBytes());
        piece.readBytes(target);
        out.position(target.position());
        piece.release();
      }
      ended |= decoder.hasEnded();
    }
    int count = out.position() - start;
    return count == 0 && ended ? -1 : count;
  }

  /// @return false when nothing has come
  private boolean fill() throws IOException {
    input.clear();
    int count;
    try {
      count = next.read(input);
    } finally {
      input.flip();
    }
    if (count < 0) {
      if (!decoder.endsWithConnection()) {
        throw new EOFException("the body broke off");
      }
      ended = true;
      return true;
    }
    return count > 0;
  }

  @Override
  public long read(ByteBuffer[] out, int offset, int length) throws IOException {
    for (int i = offset; i < offset + length; i++) {
      if (out[i].hasRemaining()) {
        return read(out[i]);
      }
    }
    return 0;
  }

  @Override
  public long transferTo(long position, long count, FileChannel target) throws IOException {
    return target.transferFrom(new ConduitReadableByteChannel(this), position, count);
  }

  @Override
  public long transferTo(long count, ByteBuffer through, StreamSinkChannel target)
      throws IOException {
    return IoUtils.transfer(new ConduitReadableByteChannel(this), count, through, target);
  }

  /// What lies in the buffer already does not make the socket ready.
  @Override
  public void resumeReads() {
    if (ended || input.hasRemaining()) {
      next.wakeupReads();
    } else {
      next.resumeReads();
    }
  }
}
