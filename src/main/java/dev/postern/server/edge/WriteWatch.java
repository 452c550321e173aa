package dev.postern.server.edge;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import java.time.Duration;

/// Notices a peer that does not read what is sent to it.
final class WriteWatch {
  private long pending;
  private long progress;

  WriteWatch(long now) {
    progress = now;
  }

  /// Whether nothing was sent for too long, though something waits.
  boolean isStalled(Channel channel, long now, Duration most) {
    ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
    long waiting = buffer == null ? 0 : buffer.totalPendingWriteBytes();
    if (waiting == 0 || waiting < pending) {
      progress = now;
    }
    pending = waiting;
    return now - progress > most.toNanos();
  }
}
