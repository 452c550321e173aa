package dev.postern.server.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// Accepting when the process has no file descriptor left.
class AcceptPauseTest {
  private final List<String> reasons = new ArrayList<>();
  private final EmbeddedChannel channel =
      new EmbeddedChannel(
          new AcceptPause(
              new NoListener() {
                @Override
                public void acceptFailed(String reason) {
                  reasons.add(reason);
                }
              }));

  private void fails() {
    channel.pipeline().fireExceptionCaught(new IOException("Too many open files"));
  }

  private void passes(int millis) {
    channel.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
    channel.runScheduledPendingTasks();
  }

  @Test
  void accept_thatFails_pausesAndIsRetriedWithinASecond() {
    channel.freezeTime();
    fails();
    assertThat(channel.config().isAutoRead()).isFalse();
    passes(AcceptPause.MILLIS - 1);
    assertThat(channel.config().isAutoRead()).isFalse();
    passes(1);
    assertThat(channel.config().isAutoRead()).isTrue();
    assertThat(AcceptPause.MILLIS).isLessThan(1000);
    assertThat(reasons).containsExactly("Too many open files");
  }

  @Test
  void accept_thatFailsForLong_isRetriedWithTheSamePause() {
    channel.freezeTime();
    for (int i = 0; i < 100; i++) {
      fails();
      assertThat(channel.config().isAutoRead()).isFalse();
      passes(AcceptPause.MILLIS);
      assertThat(channel.config().isAutoRead()).isTrue();
    }
    assertThat(reasons).hasSize(100);
  }
}
