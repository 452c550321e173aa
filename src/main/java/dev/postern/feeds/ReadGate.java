package dev.postern.feeds;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;

/// Reads only when nothing is queued for the listening thread.
///
/// Netty's aggregator keeps reading while a message is fragmented, so a flood of fragments would be
/// collected in memory. No read is lost: the thread requests one whenever its queue is empty.
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
