package dev.postern.upstream;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.postern.upstream.wire.Framing;
import dev.postern.upstream.wire.MalformedException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Writes a request body to the upstream, in the framing that the head declares.
///
/// A body that is shorter or longer than declared is a failure, because the upstream would treat
/// the next request as part of it. If writing fails, the body is stopped but the connection is
/// still read: an upstream that responds early may close its side before it has read everything.
final class RequestBody implements BodySink {
  private static final byte[] LINE_END = {'\r', '\n'};
  private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(US_ASCII);

  private final Channel channel;
  private final @Nullable BodySource source;
  private final boolean isChunked;
  private long left;
  private boolean over;
  private Runnable ended = () -> {};
  private Consumer<IOException> failed = _ -> {};
  private Runnable whenWritable;

  private RequestBody(
      Channel channel, @Nullable BodySource source, boolean isChunked, long length) {
    this.channel = channel;
    this.source = source;
    this.isChunked = isChunked;
    this.left = length;
    this.whenWritable = source == null ? () -> {} : source::resume;
  }

  /// @throws MalformedException if the head declares a body and there is none, or the reverse
  static RequestBody of(Channel channel, Framing framing, @Nullable BodySource source)
      throws MalformedException {
    boolean isChunked = framing instanceof Framing.Chunked;
    long length = framing instanceof Framing.Length(long bytes) ? bytes : 0;
    if (source == null && (isChunked || length > 0)) {
      throw new MalformedException("a head that declares a body without one");
    }
    return new RequestBody(channel, source, isChunked, length);
  }

  /// Starts the body after the head.
  ///
  /// @param whenEnded run when the last byte has been written
  /// @param whenFailed receives why the body is incomplete
  /// @param head completes when the head has been written
  void start(Runnable whenEnded, Consumer<IOException> whenFailed, ChannelFuture head) {
    ended = whenEnded;
    failed = whenFailed;
    if (source == null) {
      over = true;
      head.addListener(this::lastWritten);
    } else {
      head.addListener(this::written);
      source.start(this);
    }
  }

  @Override
  public boolean write(ByteBuf piece) {
    int size = piece.readableBytes();
    if (over || size == 0) {
      piece.release();
      return true;
    }
    if (isChunked) {
      byte[] line = (Integer.toHexString(size) + "\r\n").getBytes(US_ASCII);
      var _ = channel.write(Unpooled.wrappedBuffer(line));
      var _ = channel.write(piece);
      channel.writeAndFlush(Unpooled.wrappedBuffer(LINE_END)).addListener(this::written);
    } else {
      left -= size;
      if (left < 0) {
        piece.release();
        abort(new MalformedException("the request body is longer than declared"));
        return true;
      }
      channel.writeAndFlush(piece).addListener(this::written);
    }
    return channel.isWritable();
  }

  @Override
  public void end() {
    if (over) {
      return;
    }
    if (left > 0) {
      abort(new MalformedException("the request body is shorter than declared"));
      return;
    }
    over = true;
    ByteBuf last = isChunked ? Unpooled.wrappedBuffer(LAST_CHUNK) : Unpooled.EMPTY_BUFFER;
    channel.writeAndFlush(last).addListener(this::lastWritten);
  }

  @Override
  public void fail(IOException reason) {
    abort(reason);
  }

  private void abort(IOException reason) {
    if (!over) {
      over = true;
      failed.accept(reason);
    }
  }

  @Override
  public void whenWritable(Runnable callback) {
    whenWritable = callback;
  }

  /// The connection accepts bytes again.
  void writable() {
    if (!over) {
      whenWritable.run();
    }
  }

  private void written(Future<?> write) {
    if (!write.isSuccess()) {
      stop();
    }
  }

  private void lastWritten(Future<?> write) {
    if (write.isSuccess()) {
      ended.run();
    }
  }

  /// Discards the rest of the body.
  void stop() {
    if (source != null && !over) {
      over = true;
      source.cancel();
    }
  }
}
