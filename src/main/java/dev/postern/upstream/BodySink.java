package dev.postern.upstream;

import io.netty.buffer.ByteBuf;
import java.io.IOException;

/// Where the pieces of a body go, all of them on one event loop.
///
/// Every method is called on that event loop.
public interface BodySink {
  /// Takes a piece, and with it the duty to release it.
  ///
  /// @param piece bytes of the body, without its framing
  /// @return whether there is room for more; if not, the callback of [#whenWritable] says when
  boolean write(ByteBuf piece);

  /// The body is complete. Trailers are not passed on.
  void end();

  /// The body broke off. What was written must not look complete to the receiver.
  ///
  /// @param reason what happened
  void fail(IOException reason);

  /// Sets what is run each time there is room again after [#write] returned false.
  ///
  /// @param callback runs on the event loop
  void whenWritable(Runnable callback);
}
