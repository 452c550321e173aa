package dev.postern.feeds;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// Times between attempts to connect: one quick, then from one second doubling to five minutes as
/// outposts do it (docs/design/authentik.md section 4.2), each shortened by chance by up to a half,
/// so that many replicas do not come back at one moment.
final class Backoff {
  private static final long QUICK_MILLIS = 200;
  private static final long FIRST_MILLIS = 1_000;
  private static final long LAST_MILLIS = 300_000;

  private final RandomGenerator random;
  private long nextMillis = QUICK_MILLIS;

  Backoff(RandomGenerator random) {
    this.random = random;
  }

  /// The time until the next attempt.
  Duration next() {
    long millis = nextMillis;
    nextMillis = Math.clamp(millis * 2, FIRST_MILLIS, LAST_MILLIS);
    return Duration.ofMillis(millis - random.nextLong(millis / 2));
  }

  /// Begins anew, after a connection that has lasted.
  void reset() {
    nextMillis = QUICK_MILLIS;
  }
}
