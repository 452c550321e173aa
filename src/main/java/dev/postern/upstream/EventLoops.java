package dev.postern.upstream;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.TimeUnit;

/// The event loops that connections from Traefik and to the upstream share.
///
/// A check is sent on the event loop of the request that it is for, so that most of the time a
/// response changes no thread.
public final class EventLoops implements AutoCloseable {
  private final MultiThreadIoEventLoopGroup group;

  private EventLoops(MultiThreadIoEventLoopGroup group) {
    this.group = group;
  }

  /// Starts one event loop for each processor: none of them ever blocks.
  ///
  /// @return running event loops
  public static EventLoops start() {
    return new EventLoops(
        new MultiThreadIoEventLoopGroup(
            Runtime.getRuntime().availableProcessors(),
            new DefaultThreadFactory("postern", true),
            NioIoHandler.newFactory()));
  }

  /// All event loops.
  ///
  /// @return Netty's group
  public EventLoopGroup group() {
    return group;
  }

  /// The event loop to work on: that of the calling thread if it has one, else the next in turn.
  ///
  /// @return an event loop of this group
  public EventLoop current() {
    for (EventExecutor executor : group) {
      if (executor.inEventLoop()) {
        return (EventLoop) executor;
      }
    }
    return group.next();
  }

  /// Stops all event loops; connections that are still open are closed.
  @Override
  public void close() {
    boolean _ =
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
  }
}
