package dev.postern.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The minimum rate of a body, with a simulated clock.
class ProgressTest {
  private static final int PIECE = 64 * 1024;

  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final List<Boolean> tooSlow = new ArrayList<>();
  private final Progress progress;

  ProgressTest() {
    channel.freezeTime();
    progress = new Progress(channel.eventLoop(), Pace.STANDARD, tooSlow::add);
  }

  @AfterEach
  void stop() {
    progress.stop();
  }

  private void passes(long seconds) {
    for (long second = 0; second < seconds; second++) {
      channel.advanceTimeBy(1, TimeUnit.SECONDS);
      channel.runScheduledPendingTasks();
    }
  }

  @Test
  void receiver_takingALargePieceAtTheMinimumRate_isAccepted() {
    progress.moved(PIECE, false);
    progress.moved(PIECE, true);
    for (int piece = 0; piece < 20; piece++) {
      passes(64);
      progress.moved(PIECE, true);
    }
    assertThat(tooSlow).isEmpty();
  }

  @Test
  void receiver_belowTheMinimumRate_isTooSlow() {
    progress.moved(PIECE, false);
    progress.moved(PIECE, true);
    for (int piece = 0; piece < 20; piece++) {
      passes(96);
      progress.moved(PIECE, true);
    }
    assertThat(tooSlow).containsExactly(true);
  }

  @Test
  void body_afterAFastStart_mayPauseForTheCreditOfOnePieceOnly() {
    progress.moved(100 * PIECE, false);
    passes(89);
    assertThat(tooSlow).isEmpty();
    passes(2);
    assertThat(tooSlow).containsExactly(false);
  }

  @Test
  void body_thatNeverMoves_endsAfterGraceAndWindow() {
    passes(29);
    assertThat(tooSlow).isEmpty();
    passes(2);
    assertThat(tooSlow).containsExactly(false);
  }
}
