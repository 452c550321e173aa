package dev.postern.feeds;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// Passes what a connection's event loop receives to the listening thread.
///
/// Its size is limited by one read from the connection, because [ReadGate] permits the next read
/// only when it is empty. Pings and pongs that wait are merged into one.
final class Arrivals {
  /// What was received.
  sealed interface Arrival {
    /// A message, or a ping or pong.
    record Data(Received received) implements Arrival {}

    /// A message has begun but is not complete.
    ///
    /// @param number as [FrameReader#unfinished] counts
    record Begun(long number) implements Arrival {}

    /// The end of the connection; nothing follows.
    ///
    /// @param reason shown to the operator
    record End(String reason) implements Arrival {}
  }

  private final BlockingQueue<Arrival> waiting = new LinkedBlockingQueue<>();
  private final AtomicBoolean isAliveQueued = new AtomicBoolean();
  private volatile long unfinished;

  void message(String text) {
    waiting.add(new Arrival.Data(new Received.Text(text)));
  }

  void alive() {
    if (isAliveQueued.compareAndSet(false, true)) {
      waiting.add(new Arrival.Data(new Received.Alive()));
    }
  }

  /// @param number the incomplete message, or 0
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

  /// Whether a message is still incomplete.
  boolean isUnfinished(long number) {
    return unfinished == number;
  }

  /// Takes the next one.
  ///
  /// @param nanos how long to wait for it
  /// @return null if none arrived in time
  @Nullable Arrival poll(long nanos) throws InterruptedException {
    Arrival next = waiting.poll(nanos, TimeUnit.NANOSECONDS);
    if (next instanceof Arrival.Data(Received.Alive _)) {
      isAliveQueued.set(false);
    }
    return next;
  }
}
