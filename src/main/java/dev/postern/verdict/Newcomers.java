package dev.postern.verdict;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongSupplier;

/// Limits how many new credentials one subject can make known per time span.
///
/// A browser has one session cookie per application of its domain and gets new ones at each login.
/// Repeatedly more than that are invented cookies. Subjects that share a slot share its limit; the
/// only effect is that a credential stays unknown.
final class Newcomers {
  private static final int MOST = 64;
  private static final int SLOTS = 1 << 12;
  private static final long COUNT = 0xffff_ffffL;

  private final LongSupplier ticker;
  private final long originNanos;
  private final long spanNanos;
  // Mutable state. Upper half: number of the span. Lower half: how many were added in it.
  private final AtomicLongArray slots = new AtomicLongArray(SLOTS);

  Newcomers(LongSupplier ticker, Duration span) {
    this.ticker = ticker;
    originNanos = ticker.getAsLong();
    spanNanos = span.toNanos();
  }

  /// Counts a new credential of a subject.
  ///
  /// @param sub tag of the subject
  /// @return whether it may be added
  boolean mayAdd(long sub) {
    long span = ((ticker.getAsLong() - originNanos) / spanNanos) << 32;
    long now =
        slots.accumulateAndGet(
            (int) sub & (SLOTS - 1),
            span,
            (slot, current) ->
                (slot & ~COUNT) == current ? Math.min(slot, current + MOST) + 1 : current + 1);
    return (now & COUNT) <= MOST;
  }
}
