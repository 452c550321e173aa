package dev.postern.verdict;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// Notices when the wall clock and the monotonic clock no longer go together: somebody has set the
/// time, or the machine has slept.
final class ClockWatch {
  /// The clocks are read one after the other, and a pause may fall in between.
  private static final long LEAST_ALLOWANCE_MILLIS = 1000;

  private final long allowanceMillis;
  // Mutable state. Racing observers see nearly the same value; a jump that two of them report is
  // acted upon twice, which does no harm.
  private volatile long offsetMillis;

  ClockWatch(Duration allowance, long nanos, long millis) {
    allowanceMillis = Math.max(LEAST_ALLOWANCE_MILLIS, allowance.toMillis());
    offsetMillis = offset(nanos, millis);
  }

  /// Compares the clocks.
  ///
  /// @param nanos the monotonic clock
  /// @param millis the wall clock
  /// @return by how many milliseconds the wall clock has jumped, 0 when within the allowance
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
