package dev.postern.server;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// Counts the active requests of an entry point, so that a stop can wait for them.
///
/// While draining, requests are still served, and HTTP/1.1 responses ask the peer to close the
/// connection, so that it opens the next one elsewhere.
public final class Drain {
  private final AtomicLong active = new AtomicLong();
  private volatile boolean draining;
  private volatile boolean awaited;

  /// Counts the requests of a handler.
  ///
  /// @return the handler to use instead of `next`
  ExchangeHandler around(ExchangeHandler next) {
    return exchange -> {
      if (enter()) {
        exchange.closeAfterResponse();
      }
      exchange.whenOver(_ -> leave());
      next.handle(exchange);
    };
  }

  /// Counts a request that begins; [#leave()] must follow.
  ///
  /// @return whether the connection should be closed after this request
  public boolean enter() {
    active.incrementAndGet();
    return draining;
  }

  /// Counts a request that has ended.
  public void leave() {
    if (active.decrementAndGet() == 0 && awaited) {
      signal();
    }
  }

  /// Begins to ask peers to close their connections.
  public void begin() {
    draining = true;
  }

  /// Waits until no request is active.
  ///
  /// @param most maximum wait
  /// @return whether that happened in time
  public synchronized boolean await(Duration most) throws InterruptedException {
    // Set before the count is read, so that the request that makes it zero notifies this thread.
    awaited = true;
    long end = System.nanoTime() + most.toNanos();
    while (active.get() > 0) {
      long nanos = end - System.nanoTime();
      if (nanos <= 0) {
        return false;
      }
      TimeUnit.NANOSECONDS.timedWait(this, nanos);
    }
    return true;
  }

  private synchronized void signal() {
    notifyAll();
  }
}
