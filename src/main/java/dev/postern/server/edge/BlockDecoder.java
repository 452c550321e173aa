package dev.postern.server.edge;

import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Headers;

/// Decodes header blocks into [StreamHead]s, which have limits of their own: Netty's would end the
/// connection.
final class BlockDecoder extends DefaultHttp2HeadersDecoder {
  private final Peer peer;

  BlockDecoder(Peer peer) {
    super(false, Http2CodecUtil.MAX_HEADER_LIST_SIZE);
    this.peer = peer;
  }

  @Override
  protected Http2Headers newHeaders() {
    return new StreamHead(peer);
  }

  @Override
  public void maxHeaderListSize(long max, long goAwayMax) {
    // None is announced, so that none is to be set either.
  }

  /// Of the encoded block.
  @Override
  public long maxHeaderListSizeGoAway() {
    return peer.limits().headerBlockBytes();
  }
}
