package dev.postern.server.edge;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.DefaultHttp2FrameReader;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads frames and distinguishes two kinds of frames on closed streams. Frames that were in flight
/// when this side reset or refused the stream are no error and are dropped. A header list on any
/// other closed stream violates the protocol (RFC 9113 section 5.1). Netty treats both as stream
/// errors, and later frames on a stream that it has refused as connection errors.
final class CheckedReader extends DefaultHttp2FrameReader {
  /// Maximum number of streams reset by this side that are stored individually. Every older stream
  /// counts as reset, too.
  private static final int MAX_RESET_STREAMS = 1024;

  private final Http2Connection connection;
  private final Set<Integer> reset = new LinkedHashSet<>();
  private int lastUnlisted;
  private @Nullable Http2FrameListener checkedListener;
  private @Nullable Http2FrameListener checking;

  CheckedReader(Http2Connection connection, Http2HeadersDecoder decoder) {
    super(decoder);
    this.connection = connection;
  }

  /// This side resets or refuses a stream that the peer has not ended.
  void resetting(int stream) {
    reset.add(stream);
    if (reset.size() > MAX_RESET_STREAMS) {
      int eldest = reset.iterator().next();
      reset.remove(eldest);
      lastUnlisted = Math.max(lastUnlisted, eldest);
    }
  }

  // The listener is the same for the whole connection, except for one change after the preface.
  @SuppressWarnings("ReferenceEquality")
  @Override
  public void readFrame(ChannelHandlerContext ctx, ByteBuf input, Http2FrameListener listener)
      throws Http2Exception {
    Http2FrameListener present = checking;
    if (present == null || checkedListener != listener) {
      checkedListener = listener;
      present = new Checking(listener);
      checking = present;
    }
    super.readFrame(ctx, input, present);
  }

  private boolean wasReset(int id) {
    return connection.stream(id) == null && (id <= lastUnlisted || reset.contains(id));
  }

  /// A header list on a closed stream violates the protocol.
  private void check(int id) throws Http2Exception {
    Http2Stream stream = connection.stream(id);
    if (stream == null) {
      if (id <= connection.remote().lastStreamCreated() && (id & 1) == 1) {
        throw Http2Exception.connectionError(
            Http2Error.STREAM_CLOSED, "HEADERS on stream %d, which is over", id);
      }
    } else if (stream.state() == Http2Stream.State.HALF_CLOSED_REMOTE) {
      throw Http2Exception.streamError(
          id, Http2Error.STREAM_CLOSED, "HEADERS after the end of stream %d", id);
    }
  }

  private final class Checking extends Http2FrameListenerDecorator {
    Checking(Http2FrameListener listener) {
      super(listener);
    }

    @Override
    public void onHeadersRead(
        ChannelHandlerContext ctx,
        int streamId,
        Http2Headers headers,
        int padding,
        boolean endOfStream)
        throws Http2Exception {
      onHeadersRead(
          ctx,
          streamId,
          headers,
          0,
          Http2CodecUtil.DEFAULT_PRIORITY_WEIGHT,
          false,
          padding,
          endOfStream);
    }

    @Override
    public void onHeadersRead(
        ChannelHandlerContext ctx,
        int streamId,
        Http2Headers headers,
        int streamDependency,
        short weight,
        boolean exclusive,
        int padding,
        boolean endOfStream)
        throws Http2Exception {
      try {
        if (!wasReset(streamId)) {
          check(streamId);
          super.onHeadersRead(
              ctx, streamId, headers, streamDependency, weight, exclusive, padding, endOfStream);
        }
      } catch (Http2Exception e) {
        if (e.error() == Http2Error.REFUSED_STREAM) {
          // Netty does not know this stream: later frames on it would be connection errors.
          resetting(streamId);
        }
        throw e;
      } finally {
        // If an exchange has taken over the memory of the list, this does nothing; otherwise it
        // releases it.
        ((StreamHead) headers).release();
      }
    }

    @Override
    public int onDataRead(
        ChannelHandlerContext ctx, int streamId, ByteBuf data, int padding, boolean endOfStream)
        throws Http2Exception {
      if (!wasReset(streamId)) {
        return super.onDataRead(ctx, streamId, data, padding, endOfStream);
      }
      // No stream holds these bytes, so return their flow-control credit at once.
      connection
          .local()
          .flowController()
          .receiveFlowControlledFrame(null, data, padding, endOfStream);
      return data.readableBytes() + padding;
    }

    @Override
    public void onRstStreamRead(ChannelHandlerContext ctx, int streamId, long errorCode)
        throws Http2Exception {
      if (!wasReset(streamId)) {
        super.onRstStreamRead(ctx, streamId, errorCode);
      }
    }

    @Override
    public void onWindowUpdateRead(ChannelHandlerContext ctx, int streamId, int increment)
        throws Http2Exception {
      if (!wasReset(streamId)) {
        super.onWindowUpdateRead(ctx, streamId, increment);
      }
    }
  }
}
