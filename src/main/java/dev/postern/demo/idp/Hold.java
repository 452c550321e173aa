package dev.postern.demo.idp;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Stops checks at one point until it is released, so that tests can order events without sleeping.
public final class Hold implements AutoCloseable {
  private final Semaphore arrived = new Semaphore(0);
  private final CountDownLatch released = new CountDownLatch(1);

  Hold() {}

  void pass() throws InterruptedException {
    if (released.getCount() > 0) {
      arrived.release();
      released.await();
    }
  }

  /// Waits until a number of further checks are held.
  ///
  /// @param checks how many
  /// @param limit how long to wait at most
  /// @return false if the time ran out
  /// @throws InterruptedException if the waiting thread is interrupted
  public boolean awaitHeld(int checks, Duration limit) throws InterruptedException {
    return arrived.tryAcquire(checks, limit.toNanos(), TimeUnit.NANOSECONDS);
  }

  /// Lets all held and later checks continue.
  public void release() {
    released.countDown();
  }

  /// The same as [#release].
  @Override
  public void close() {
    release();
  }
}
