package dev.postern.server;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Checks the rate of one body. Used on one event loop only.
final class Progress {
  /// Called when a body is too slow.
  @FunctionalInterface
  interface Listener {
    /// Called at most once.
    ///
    /// @param receiverIsSlow true if the receiver accepts no more bytes, false if the sender sends
    ///   none
    void tooSlow(boolean receiverIsSlow);
  }

  private final EventLoop loop;
  private final Pace pace;
  private final Listener listener;
  private @Nullable Future<?> timer;
  private long ahead;
  private boolean blocked;

  /// Starts the check.
  Progress(EventLoop loop, Pace pace, Listener listener) {
    this.loop = loop;
    this.pace = pace;
    this.listener = listener;
    timer = schedule(this::nextWindow, pace.grace());
  }

  private Future<?> schedule(Runnable step, Duration time) {
    return loop.schedule(step, time.toNanos(), TimeUnit.NANOSECONDS);
  }

  private void nextWindow() {
    ahead = Math.min(ahead, pace.bytesAhead());
    timer = schedule(this::look, pace.window());
  }

  private void look() {
    if (ahead >= pace.bytesPerWindow()) {
      ahead -= pace.bytesPerWindow();
      nextWindow();
    } else {
      timer = null;
      listener.tooSlow(blocked);
    }
  }

  /// A piece has moved.
  ///
  /// @param size its bytes
  /// @param isFull whether the receiver accepts no more at the moment
  void moved(int size, boolean isFull) {
    ahead += size;
    blocked = isFull;
  }

  /// The receiver accepts bytes again.
  void resumed() {
    blocked = false;
  }

  /// Ends the check.
  void stop() {
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
  }
}
