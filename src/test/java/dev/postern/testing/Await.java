package dev.postern.testing;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Waits for conditions outside this process, where a latch is not possible.
public final class Await {
  private Await() {}

  /// Waits until a condition holds; an exception counts as "not yet".
  ///
  /// @param what description of the condition, for the failure message
  /// @param limit maximum time to wait
  /// @param condition evaluated repeatedly
  /// @throws AssertionError after the time limit, with the last exception as its cause
  public static void until(String what, Duration limit, Callable<Boolean> condition) {
    long end = System.nanoTime() + limit.toNanos();
    Exception last = null;
    while (System.nanoTime() < end) {
      try {
        if (condition.call()) {
          return;
        }
        last = null;
      } catch (Exception e) {
        last = e;
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }
    throw new AssertionError("not within " + limit.toSeconds() + " s: " + what, last);
  }
}
