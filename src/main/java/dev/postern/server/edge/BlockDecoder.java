package dev.postern.server.edge;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Exception.HeaderListSizeException;
import io.netty.handler.codec.http2.Http2Headers;
import org.jspecify.annotations.Nullable;

/// Decodes header blocks into [StreamHead]s, which have limits of their own: Netty's limits would
/// close the connection.
final class BlockDecoder extends DefaultHttp2HeadersDecoder {
  private final Peer peer;
  private @Nullable StreamHead decoding;

  BlockDecoder(Peer peer) {
    super(false, Http2CodecUtil.MAX_HEADER_LIST_SIZE);
    this.peer = peer;
  }

  @Override
  protected Http2Headers newHeaders() {
    StreamHead head = new StreamHead(peer);
    decoding = head;
    return head;
  }

  @Override
  public Http2Headers decodeHeaders(int streamId, ByteBuf block) throws Http2Exception {
    try {
      return super.decodeHeaders(streamId, block);
    } catch (Http2Exception e) {
      StreamHead head = decoding;
      if (e instanceof HeaderListSizeException && head != null) {
        // Netty enforces its limit of 4 GiB only after the whole list is decoded. [StreamHead] has
        // refused it long before.
        return head;
      }
      if (head != null) {
        head.release();
      }
      throw e;
    } finally {
      decoding = null;
    }
  }

  @Override
  public void maxHeaderListSize(long max, long goAwayMax) {
    // This side announces no limit, so Netty must not set one either.
  }

  /// Limit of the encoded block.
  @Override
  public long maxHeaderListSizeGoAway() {
    return peer.limits().headerBlockBytes();
  }
}
