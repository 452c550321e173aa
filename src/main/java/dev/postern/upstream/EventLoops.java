package dev.postern.upstream;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.TimeUnit;

/// The event loops shared by connections from Traefik and to the upstream.
///
/// A check is sent on the event loop of its client request, so that most responses need no thread
/// switch.
public final class EventLoops implements AutoCloseable {
  private final MultiThreadIoEventLoopGroup group;

  private EventLoops(MultiThreadIoEventLoopGroup group) {
    this.group = group;
  }

  /// Starts one event loop per processor; they never block.
  public static EventLoops start() {
    return new EventLoops(
        new MultiThreadIoEventLoopGroup(
            Runtime.getRuntime().availableProcessors(),
            new DefaultThreadFactory("postern", true),
            NioIoHandler.newFactory()));
  }

  public EventLoopGroup group() {
    return group;
  }

  /// The calling thread's event loop if it is one, otherwise the next in turn.
  public EventLoop current() {
    for (EventExecutor executor : group) {
      if (executor.inEventLoop()) {
        return (EventLoop) executor;
      }
    }
    return group.next();
  }

  /// Stops all event loops and closes their open connections.
  @Override
  public void close() {
    boolean _ =
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
  }
}
