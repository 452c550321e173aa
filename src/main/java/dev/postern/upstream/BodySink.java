package dev.postern.upstream;

import io.netty.buffer.ByteBuf;
import java.io.IOException;

/// Receives the pieces of a body. Every method is called on one event loop.
public interface BodySink {
  /// Takes a piece; the sink must release it.
  ///
  /// @param piece bytes of the body, without its framing
  /// @return whether there is room for more; if not, the callback of [#whenWritable] runs once
  ///   there is
  boolean write(ByteBuf piece);

  /// The body is complete. Trailers are not passed on.
  void end();

  /// The body is incomplete. The receiver must be able to notice that.
  void fail(IOException reason);

  /// Sets the callback that runs each time there is room again after [#write] returned false.
  void whenWritable(Runnable callback);
}
