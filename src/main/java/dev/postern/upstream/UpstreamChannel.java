package dev.postern.upstream;

import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.nio.ByteBuffer;

/// A TCP connection that can be checked before it is reused.
final class UpstreamChannel extends NioSocketChannel {
  /// Whether the connection is open and has no unread bytes.
  ///
  /// Netty reads only when its selector reports data, possibly after the next request was written:
  /// bytes that are there now would be taken for its response. A byte found here is lost, so the
  /// caller must then close the connection.
  boolean isIdle() {
    try {
      return isActive() && javaChannel().read(ByteBuffer.allocate(1)) == 0;
    } catch (IOException closed) {
      return false;
    }
  }
}
