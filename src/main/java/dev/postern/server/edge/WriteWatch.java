package dev.postern.server.edge;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import java.time.Duration;

/// Detects a peer that does not read its responses.
final class WriteWatch {
  private long pending;
  private long sentOfFirst;
  private int first;
  private long progress;

  WriteWatch(long now) {
    progress = now;
  }

  /// Whether nothing was sent for too long although data waits.
  boolean isStalled(Channel channel, long now, Duration most) {
    ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
    if (buffer == null || hasMoved(buffer)) {
      progress = now;
    }
    return now - progress > most.toNanos();
  }

  /// What waits counts as a whole until the last byte of a piece is sent, and a slow line takes its
  /// time for one. So the part of the first piece that is sent counts, too.
  private boolean hasMoved(ChannelOutboundBuffer buffer) {
    long waiting = buffer.totalPendingWriteBytes();
    long part = buffer.currentProgress();
    // Not the piece itself, which would be kept.
    int piece = System.identityHashCode(buffer.current());
    boolean moved = waiting == 0 || waiting < pending || part != sentOfFirst || piece != first;
    pending = waiting;
    sentOfFirst = part;
    first = piece;
    return moved;
  }
}
