package dev.postern.upstream;

import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.nio.ByteBuffer;

/// A TCP connection that can be looked at before it is used again.
final class UpstreamChannel extends NioSocketChannel {
  /// Whether the connection is open and no byte has come that nobody has read yet.
  ///
  /// Netty reads only when its selector says so, which may be after the next request has been
  /// written: a byte that is there now would be taken for the response to it. A byte that this
  /// finds is lost, so the connection has to be closed then.
  boolean isIdle() {
    try {
      return isActive() && javaChannel().read(ByteBuffer.allocate(1)) == 0;
    } catch (IOException closed) {
      return false;
    }
  }
}
