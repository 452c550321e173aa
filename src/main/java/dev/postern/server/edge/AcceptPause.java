package dev.postern.server.edge;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.TimeUnit;

/// Pauses accepting when there is no file descriptor left, because retrying at once would use all
/// CPU. The pause is short, so that accepting resumes soon after descriptors are free.
final class AcceptPause extends ChannelInboundHandlerAdapter {
  /// Delay before the next attempt.
  static final int MILLIS = 250;

  private final EdgeListener listener;

  AcceptPause(EdgeListener listener) {
    this.listener = listener;
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    listener.acceptFailed(String.valueOf(cause.getMessage()));
    var config = ctx.channel().config();
    config.setAutoRead(false);
    var _ =
        ctx.channel()
            .eventLoop()
            .schedule(() -> config.setAutoRead(true), MILLIS, TimeUnit.MILLISECONDS);
  }
}
