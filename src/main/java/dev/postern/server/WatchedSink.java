package dev.postern.server;

import dev.postern.upstream.BodySink;
import io.netty.buffer.ByteBuf;
import java.io.IOException;

/// A sink with a check of its rate.
///
/// @param progress measures what moves
/// @param whenOver run after the end or the failure was passed on
record WatchedSink(BodySink next, Progress progress, Runnable whenOver) implements BodySink {
  @Override
  public boolean write(ByteBuf piece) {
    int size = piece.readableBytes();
    boolean hasRoom = next.write(piece);
    progress.moved(size, !hasRoom);
    return hasRoom;
  }

  @Override
  public void end() {
    next.end();
    whenOver.run();
  }

  @Override
  public void fail(IOException reason) {
    next.fail(reason);
    whenOver.run();
  }

  @Override
  public void whenWritable(Runnable callback) {
    next.whenWritable(() -> {
      progress.resumed();
      callback.run();
    });
  }
}
