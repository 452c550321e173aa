package dev.postern.testing;

import java.util.concurrent.TimeUnit;
import org.xnio.XnioExecutor;

/// An I/O thread whose time is up when a test says so. It keeps one timer, the latest.
public final class HandTimer implements XnioExecutor {
  private Runnable command = () -> {};
  private volatile long nanos;
  private volatile boolean removed;

  /// Lets the time be up, whether the timer has been removed or not.
  public void expire() {
    command.run();
  }

  /// How long it was set to.
  ///
  /// @return nanoseconds
  public long nanos() {
    return nanos;
  }

  /// Whether it has been removed.
  ///
  /// @return whether nobody waits for it any more
  public boolean isRemoved() {
    return removed;
  }

  @Override
  public void execute(Runnable now) {
    now.run();
  }

  @Override
  public Key executeAfter(Runnable later, long time, TimeUnit unit) {
    command = later;
    nanos = unit.toNanos(time);
    return () -> removed = true;
  }

  @Override
  public Key executeAtInterval(Runnable often, long time, TimeUnit unit) {
    throw new UnsupportedOperationException();
  }
}
