package dev.postern.routing.source;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// Times between attempts: the interval after a good one; after failures from one second doubling
/// to a minute, or to the interval if that is longer, each shortened by chance by up to a half, so
/// that many replicas do not come back at one moment.
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
