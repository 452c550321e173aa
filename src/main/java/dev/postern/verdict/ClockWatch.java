package dev.postern.verdict;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// Detects when the wall clock and the monotonic clock diverge: the time was set, or the machine
/// was suspended.
final class ClockWatch {
  /// The clocks are read one after the other, with a possible pause in between.
  private static final long LEAST_ALLOWANCE_MILLIS = 1000;

  private final long allowanceMillis;
  // Mutable state. Racing observers see nearly the same value; if two report the same jump, the
  // cache is only cleared twice.
  private volatile long offsetMillis;

  ClockWatch(Duration allowance, long nanos, long millis) {
    allowanceMillis = Math.max(LEAST_ALLOWANCE_MILLIS, allowance.toMillis());
    offsetMillis = offset(nanos, millis);
  }

  /// Compares the clocks.
  ///
  /// @return by how many milliseconds the wall clock has jumped, 0 within the allowance
  long observe(long nanos, long millis) {
    long known = offsetMillis;
    long jump = offset(nanos, millis) - known;
    if (Math.abs(jump) <= allowanceMillis) {
      return 0;
    }
    offsetMillis = known + jump;
    return jump;
  }

  private static long offset(long nanos, long millis) {
    return millis - TimeUnit.NANOSECONDS.toMillis(nanos);
  }
}
