package dev.postern.feeds;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// Pauses between attempts to connect: a short one first, then from one second doubling to five
/// minutes, as outposts do (docs/design/authentik.md section 4.2), with up to 50 % jitter so that
/// many replicas do not reconnect at once.
final class Backoff {
  private static final long QUICK_MILLIS = 200;
  private static final long FIRST_MILLIS = 1_000;
  private static final long LAST_MILLIS = 300_000;

  private final RandomGenerator random;
  private long nextMillis = QUICK_MILLIS;

  Backoff(RandomGenerator random) {
    this.random = random;
  }

  /// The pause before the next attempt.
  Duration next() {
    long millis = nextMillis;
    nextMillis = Math.clamp(millis * 2, FIRST_MILLIS, LAST_MILLIS);
    return Duration.ofMillis(millis - random.nextLong(millis / 2));
  }

  /// Starts over, after a connection that lasted.
  void reset() {
    nextMillis = QUICK_MILLIS;
  }
}
