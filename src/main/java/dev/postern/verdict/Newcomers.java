package dev.postern.verdict;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongSupplier;

/// How many new credentials one subject may make known in a span of time.
///
/// A browser has a session cookie for each application of its domain, and gets new ones with each
/// login. More than that, again and again, are invented. Subjects that share a slot of the table
/// share its number as well, which makes a credential unknown and does no other harm.
final class Newcomers {
  private static final int MOST = 64;
  private static final int SLOTS = 1 << 12;
  private static final long COUNT = 0xffff_ffffL;

  private final LongSupplier ticker;
  private final long originNanos;
  private final long spanNanos;
  // Mutable state. The number of the span in the upper half, how many came in it in the lower one.
  private final AtomicLongArray slots = new AtomicLongArray(SLOTS);

  Newcomers(LongSupplier ticker, Duration span) {
    this.ticker = ticker;
    originNanos = ticker.getAsLong();
    spanNanos = span.toNanos();
  }

  /// Counts a new credential of a subject.
  ///
  /// @param sub tag of the subject
  /// @return whether it may be made known
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
