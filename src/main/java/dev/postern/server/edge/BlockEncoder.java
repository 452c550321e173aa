package dev.postern.server.edge;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersEncoder;

/// Copies header blocks that are already encoded. They never use HPACK's dynamic table, so its size
/// is set to 0 once, in the first block; that is valid for every size that the peer sets later (RFC
/// 7541 sections 4.2 and 6.3).
final class BlockEncoder implements Http2HeadersEncoder, Http2HeadersEncoder.Configuration {
  /// A dynamic table size update to 0.
  private static final int NO_TABLE = 0x20;

  private boolean announced;
  private long tableSize = 4096;
  private long listSize = Long.MAX_VALUE;

  @Override
  public void encodeHeaders(int streamId, Http2Headers headers, ByteBuf buffer) {
    encode(((ReadyHeaders) headers).block(), buffer);
  }

  /// Appends a block.
  void encode(HeadBytes block, ByteBuf buffer) {
    if (!announced) {
      announced = true;
      buffer.writeByte(NO_TABLE);
    }
    block.copyTo(buffer);
  }

  @Override
  public Configuration configuration() {
    return this;
  }

  @Override
  public void maxHeaderTableSize(long max) {
    tableSize = max;
  }

  @Override
  public long maxHeaderTableSize() {
    return tableSize;
  }

  @Override
  public void maxHeaderListSize(long max) {
    listSize = max;
  }

  @Override
  public long maxHeaderListSize() {
    return listSize;
  }
}
