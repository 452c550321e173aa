package dev.postern.feeds;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;

/// Reads only when nothing waits for the listening thread.
///
/// Netty's aggregator reads on by itself while a message is in fragments, so a flood of such
/// messages would be collected in memory. No read is lost: the thread asks again whenever it finds
/// that nothing waits.
final class ReadGate extends ChannelOutboundHandlerAdapter {
  private final Arrivals arrivals;

  ReadGate(Arrivals arrivals) {
    this.arrivals = arrivals;
  }

  @Override
  public void read(ChannelHandlerContext context) {
    if (arrivals.isEmpty()) {
      context.read();
    }
  }
}
