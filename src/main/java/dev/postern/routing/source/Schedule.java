package dev.postern.routing.source;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// Delays between attempts: the interval after a success; after failures one second, doubling up to
/// a minute, or up to the interval if that is longer. Each has up to 50 % jitter, so that many
/// replicas do not retry at the same moment.
final class Schedule {
  private static final long FIRST_MILLIS = 1_000;
  private static final long LAST_MILLIS = 60_000;

  private final Duration interval;
  private final RandomGenerator random;
  private long nextMillis = FIRST_MILLIS;

  Schedule(Duration interval, RandomGenerator random) {
    this.interval = interval;
    this.random = random;
  }

  Duration afterGood() {
    nextMillis = FIRST_MILLIS;
    return interval;
  }

  Duration afterFailure() {
    long millis = nextMillis;
    nextMillis = Math.min(millis * 2, Math.max(LAST_MILLIS, interval.toMillis()));
    return Duration.ofMillis(millis - random.nextLong(millis / 2));
  }
}
