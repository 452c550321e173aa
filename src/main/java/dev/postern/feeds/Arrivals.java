package dev.postern.feeds;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// Hands over what comes from the event loop of a connection to the thread that listens.
///
/// Its size is limited by what one read from the connection can bring, because [ReadGate] lets the
/// next read pass only when it is empty. One sign of life that waits is as good as many.
final class Arrivals {
  /// What has come.
  sealed interface Arrival {
    /// A message or a sign of life.
    record Heard(Received received) implements Arrival {}

    /// The beginning of a message whose end has not come.
    ///
    /// @param number as [FrameReader#unfinished] counts
    record Begun(long number) implements Arrival {}

    /// The end of the connection; nothing comes after it.
    ///
    /// @param reason for the operator
    record End(String reason) implements Arrival {}
  }

  private final BlockingQueue<Arrival> waiting = new LinkedBlockingQueue<>();
  private final AtomicBoolean isSignWaiting = new AtomicBoolean();
  private volatile long unfinished;

  void heard(String text) {
    waiting.add(new Arrival.Heard(new Received.Text(text)));
  }

  void sign() {
    if (isSignWaiting.compareAndSet(false, true)) {
      waiting.add(new Arrival.Heard(new Received.Sign()));
    }
  }

  /// @param number the message that has begun and not ended, or 0
  void unfinished(long number) {
    long before = unfinished;
    unfinished = number;
    if (number != 0 && number != before) {
      waiting.add(new Arrival.Begun(number));
    }
  }

  void end(String reason) {
    waiting.add(new Arrival.End(reason));
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /// Whether a message that has begun has not ended yet.
  boolean isUnfinished(long number) {
    return unfinished == number;
  }

  /// Takes the next.
  ///
  /// @param nanos how long to wait for it
  /// @return null if there is none
  @Nullable Arrival poll(long nanos) throws InterruptedException {
    Arrival next = waiting.poll(nanos, TimeUnit.NANOSECONDS);
    if (next instanceof Arrival.Heard(Received.Sign _)) {
      isSignWaiting.set(false);
    }
    return next;
  }
}
