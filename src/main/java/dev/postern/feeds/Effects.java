package dev.postern.feeds;

import dev.postern.verdict.Feed;
import dev.postern.verdict.FeedListener.Event;
import dev.postern.verdict.Revocations;
import java.time.Duration;
import java.util.function.LongSupplier;

/// What instructions do to the cache.
final class Effects {
  /// Outposts have reloaded at most nine seconds after an update was told (authentik-contract 10,
  /// trap 18); what they say until then is not to last.
  static final Duration RELOADING = Duration.ofSeconds(10);

  /// Runs something later, once.
  @FunctionalInterface
  interface Later {
    /// Runs a task after a time.
    void run(Runnable task, Duration after);
  }

  private final Revocations revocations;
  private final Later later;
  private final LongSupplier ticker;

  // Mutable state; guarded by this.
  private boolean scheduled;
  private long dueNanos;

  Effects(Revocations revocations, Later later, LongSupplier ticker) {
    this.revocations = revocations;
    this.later = later;
    this.ticker = ticker;
  }

  void lost() {
    revocations.feedLost(Feed.WEBSOCKET);
  }

  void gained() {
    revocations.feedGained(Feed.WEBSOCKET);
  }

  /// Carries out an instruction.
  ///
  /// @return its kind
  Event apply(Instruction instruction) {
    return switch (instruction) {
      case Instruction.SessionEnd(String sid) -> {
        revocations.sessionEnded(sid, Feed.WEBSOCKET);
        yield Event.SESSION_END;
      }
      case Instruction.SessionsEnd _ -> {
        endAllTwice();
        yield Event.SESSIONS_END;
      }
      case Instruction.Update _ -> {
        endAllTwice();
        yield Event.UPDATE;
      }
      case Instruction.Other _ -> Event.OTHER;
      case Instruction.Unreadable _ -> Event.UNREADABLE;
    };
  }

  /// Now and when the outpost has followed. However many instructions come, one task waits.
  private void endAllTwice() {
    synchronized (this) {
      dueNanos = ticker.getAsLong() + RELOADING.toNanos();
      if (!scheduled) {
        scheduled = true;
        later.run(this::endAllAgain, RELOADING);
      }
    }
    revocations.all(Feed.WEBSOCKET);
  }

  private void endAllAgain() {
    synchronized (this) {
      long left = dueNanos - ticker.getAsLong();
      if (left > 0) {
        later.run(this::endAllAgain, Duration.ofNanos(left));
        return;
      }
      scheduled = false;
    }
    revocations.all(Feed.WEBSOCKET);
  }
}
