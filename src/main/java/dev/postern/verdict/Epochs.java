package dev.postern.verdict;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/// Records when something last happened to each of very many things, in a fixed number of stripes.
///
/// To find out whether a thing was touched, take [#now()] first and compare later. Things that
/// share a stripe are touched together, so too much may be ended, but never too little.
final class Epochs {
  private final AtomicLong clock = new AtomicLong();
  private final AtomicLongArray stripes;
  private volatile long all;

  /// @param stripeCount number of stripes, a power of two
  Epochs(int stripeCount) {
    if (Integer.bitCount(stripeCount) != 1) {
      throw new IllegalArgumentException("not a power of two: " + stripeCount);
    }
    stripes = new AtomicLongArray(stripeCount);
  }

  long now() {
    return clock.get();
  }

  /// Touches one thing. The moment is taken first: a check that begins after it began after the
  /// event, and one that began before it sees the advanced stripe once this returns.
  ///
  /// @return the moment
  long advance(long tag) {
    long moment = clock.incrementAndGet();
    stripes.accumulateAndGet(stripe(tag), moment, Math::max);
    return moment;
  }

  /// Touches everything.
  synchronized void advanceAll() {
    all = clock.incrementAndGet();
  }

  boolean allMovedSince(long moment) {
    return all > moment;
  }

  boolean movedSince(long moment, long tag) {
    return all > moment || stripes.get(stripe(tag)) > moment;
  }

  /// Whether any of several things was touched after a moment.
  ///
  /// @param from index of the first tag to compare
  boolean movedSince(long moment, long[] tags, int from) {
    if (all > moment) {
      return true;
    }
    for (int i = from; i < tags.length; i++) {
      if (stripes.get(stripe(tags[i])) > moment) {
        return true;
      }
    }
    return false;
  }

  private int stripe(long tag) {
    return (int) tag & (stripes.length() - 1);
  }
}
