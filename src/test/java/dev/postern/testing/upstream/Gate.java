package dev.postern.testing.upstream;

import dev.postern.testing.Await;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/// Holds the responses to some checks until a test opens it.
public final class Gate implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final Predicate<Check> selection;
  private final CountDownLatch open = new CountDownLatch(1);
  private final AtomicInteger held = new AtomicInteger();

  Gate(Predicate<Check> selection) {
    this.selection = selection;
  }

  /// Waits until this many checks are held.
  ///
  /// @param count how many
  public void awaitHeld(int count) {
    Await.until(
        count + " checks at the gate, not " + held,
        Duration.ofSeconds(20),
        () -> held.get() >= count);
  }

  /// {@return how many checks have reached this gate}
  public int held() {
    return held.get();
  }

  /// Lets all waiting and later checks pass.
  public void open() {
    open.countDown();
  }

  @Override
  public void close() {
    open();
  }

  void pass(Check check) {
    if (!selection.test(check) || open.getCount() == 0) {
      return;
    }
    held.incrementAndGet();
    try {
      if (!open.await(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        throw new IllegalStateException("the gate was never opened");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
