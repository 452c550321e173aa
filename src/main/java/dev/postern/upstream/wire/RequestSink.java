package dev.postern.upstream.wire;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import org.xnio.IoUtils;
import org.xnio.channels.StreamSourceChannel;
import org.xnio.conduits.AbstractStreamSinkConduit;
import org.xnio.conduits.ConduitWritableByteChannel;
import org.xnio.conduits.Conduits;
import org.xnio.conduits.StreamSinkConduit;

/// A request on its way out: the head, then the body in the framing that the head declares.
///
/// Ending it leaves the connection open. A body that is shorter or longer than declared is an
/// exception, because the upstream would take the next request for its rest.
final class RequestSink extends AbstractStreamSinkConduit<StreamSinkConduit> {
  private static final int MAX_PIECE_BYTES = 16 * 1024;
  private static final byte[] LINE_END = {'\r', '\n'};
  private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(US_ASCII);

  private final boolean chunked;
  private ByteBuffer pending;
  private long left;
  private boolean ended;

  RequestSink(StreamSinkConduit next, byte[] head, Framing framing) {
    super(next);
    pending = ByteBuffer.wrap(head);
    chunked = framing instanceof Framing.Chunked;
    left = framing instanceof Framing.Length(long bytes) ? bytes : 0;
  }

  /// Whether the whole request is out.
  boolean isComplete() {
    return ended && !pending.hasRemaining();
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    if (ended) {
      throw new ClosedChannelException();
    }
    if (!source.hasRemaining() || !drain()) {
      return 0;
    }
    int size = Math.min(source.remaining(), MAX_PIECE_BYTES);
    byte[] piece = new byte[size];
    source.get(piece);
    pending = chunked ? chunk(piece) : counted(piece);
    drain();
    return size;
  }

  private static ByteBuffer chunk(byte[] piece) {
    byte[] size = Integer.toHexString(piece.length).getBytes(US_ASCII);
    return ByteBuffer.allocate(size.length + piece.length + 2 * LINE_END.length)
        .put(size)
        .put(LINE_END)
        .put(piece)
        .put(LINE_END)
        .flip();
  }

  private ByteBuffer counted(byte[] piece) throws MalformedException {
    left -= piece.length;
    if (left < 0) {
      throw new MalformedException("the request body is longer than declared");
    }
    return ByteBuffer.wrap(piece);
  }

  private boolean drain() throws IOException {
    while (pending.hasRemaining()) {
      if (next.write(pending) == 0) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void terminateWrites() throws IOException {
    if (ended) {
      return;
    }
    if (left > 0) {
      throw new MalformedException("the request body is shorter than declared");
    }
    ended = true;
    if (chunked) {
      pending =
          ByteBuffer.allocate(pending.remaining() + LAST_CHUNK.length)
              .put(pending)
              .put(LAST_CHUNK)
              .flip();
    }
  }

  @Override
  public boolean flush() throws IOException {
    return drain() && next.flush();
  }

  @Override
  public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
    for (int i = offset; i < offset + length; i++) {
      if (sources[i].hasRemaining()) {
        return write(sources[i]);
      }
    }
    return 0;
  }

  @Override
  public int writeFinal(ByteBuffer source) throws IOException {
    return Conduits.writeFinalBasic(this, source);
  }

  @Override
  public long writeFinal(ByteBuffer[] sources, int offset, int length) throws IOException {
    return Conduits.writeFinalBasic(this, sources, offset, length);
  }

  @Override
  public long transferFrom(FileChannel source, long position, long count) throws IOException {
    return source.transferTo(position, count, new ConduitWritableByteChannel(this));
  }

  @Override
  public long transferFrom(StreamSourceChannel source, long count, ByteBuffer through)
      throws IOException {
    return IoUtils.transfer(source, count, through, new ConduitWritableByteChannel(this));
  }
}
