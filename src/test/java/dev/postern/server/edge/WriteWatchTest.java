package dev.postern.server.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// A peer that reads slowly is not treated as one that does not read.
class WriteWatchTest {
  private static final Duration MOST = Duration.ofSeconds(30);
  private static final int PIECE = 64 * 1024;

  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final ChannelOutboundBuffer buffer =
      Objects.requireNonNull(channel.unsafe().outboundBuffer());
  private final WriteWatch watch = new WriteWatch(0);

  private void add() {
    buffer.addMessage(Unpooled.buffer(PIECE).writerIndex(PIECE), PIECE, channel.newPromise());
    buffer.addFlush();
  }

  private boolean isStalledAt(int seconds) {
    return watch.isStalled(channel, Duration.ofSeconds(seconds).toNanos(), MOST);
  }

  @Test
  void partOfAPiece_isProgress() {
    add();
    for (int second = 0; second < 300; second += 20) {
      assertThat(isStalledAt(second)).isFalse();
      buffer.removeBytes(1_000);
    }
    assertThat(isStalledAt(320)).isFalse();
    assertThat(isStalledAt(349)).isFalse();
    assertThat(isStalledAt(351)).isTrue();
  }

  @Test
  void piecesReplacedByAsManyOthers_areProgress() {
    add();
    for (int second = 0; second < 300; second += 20) {
      assertThat(isStalledAt(second)).isFalse();
      add();
      buffer.removeBytes(PIECE);
    }
    assertThat(isStalledAt(320)).isFalse();
    // New data to send is no progress.
    add();
    assertThat(isStalledAt(351)).isTrue();
  }
}
