package dev.postern.server.edge;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.DefaultHttp2FrameReader;
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

/// Reads frames, and tells header lists on streams that are over apart: those that were on their
/// way when this side reset the stream are nobody's fault, all others break the protocol (RFC 9113
/// section 5.1). Netty takes both for errors of the stream.
final class CheckedReader extends DefaultHttp2FrameReader {
  /// Streams that this side has reset and that are remembered one by one. An older one is taken for
  /// reset, too.
  private static final int REMEMBERED = 1024;

  private final Http2Connection connection;
  private final Set<Integer> reset = new LinkedHashSet<>();
  private int forgotten;
  private @Nullable Http2FrameListener known;
  private @Nullable Http2FrameListener checking;

  CheckedReader(Http2Connection connection, Http2HeadersDecoder decoder) {
    super(decoder);
    this.connection = connection;
  }

  /// This side resets a stream that the peer has not ended.
  void resetting(int stream) {
    reset.add(stream);
    if (reset.size() > REMEMBERED) {
      int eldest = reset.iterator().next();
      reset.remove(eldest);
      forgotten = Math.max(forgotten, eldest);
    }
  }

  // It is the same listener for the whole connection but for a change after the preface.
  @SuppressWarnings("ReferenceEquality")
  @Override
  public void readFrame(ChannelHandlerContext ctx, ByteBuf input, Http2FrameListener listener)
      throws Http2Exception {
    Http2FrameListener present = checking;
    if (present == null || known != listener) {
      known = listener;
      present = new Checking(listener);
      checking = present;
    }
    super.readFrame(ctx, input, present);
  }

  /// @return whether the list is to be dropped
  private boolean isLate(int id, Http2Headers headers) throws Http2Exception {
    Http2Stream stream = connection.stream(id);
    if (stream == null) {
      if (id > connection.remote().lastStreamCreated() || (id & 1) == 0) {
        return false;
      }
      ((StreamHead) headers).release();
      if (id <= forgotten || reset.contains(id)) {
        return true;
      }
      throw Http2Exception.connectionError(
          Http2Error.STREAM_CLOSED, "HEADERS on stream %d, which is over", id);
    }
    if (stream.state() == Http2Stream.State.HALF_CLOSED_REMOTE) {
      ((StreamHead) headers).release();
      throw Http2Exception.streamError(
          id, Http2Error.STREAM_CLOSED, "HEADERS after the end of stream %d", id);
    }
    return false;
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
      if (!isLate(streamId, headers)) {
        super.onHeadersRead(ctx, streamId, headers, padding, endOfStream);
      }
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
      if (!isLate(streamId, headers)) {
        super.onHeadersRead(
            ctx, streamId, headers, streamDependency, weight, exclusive, padding, endOfStream);
      }
    }
  }
}
