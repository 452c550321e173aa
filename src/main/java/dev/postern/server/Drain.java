package dev.postern.server;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// Counts the requests of an entry point that are being responded to, so that a stop can wait for
/// them.
///
/// While draining, requests are served as before, and responses over HTTP/1.1 ask the peer to close
/// the connection: it opens its next one elsewhere.
public final class Drain {
  private final AtomicLong active = new AtomicLong();
  private volatile boolean draining;
  private volatile boolean awaited;

  /// Counts the requests of a handler.
  ///
  /// @param next responds to the requests
  /// @return the handler to use in its place
  ExchangeHandler around(ExchangeHandler next) {
    return exchange -> {
      if (enter()) {
        exchange.closeAfterResponse();
      }
      exchange.whenOver(_ -> leave());
      next.handle(exchange);
    };
  }

  /// Counts a request that begins; [#leave()] has to follow.
  ///
  /// @return whether the connection should end with this request
  public boolean enter() {
    active.incrementAndGet();
    return draining;
  }

  /// Counts a request that is over.
  public void leave() {
    if (active.decrementAndGet() == 0 && awaited) {
      tell();
    }
  }

  /// Asks peers to go elsewhere.
  public void begin() {
    draining = true;
  }

  /// Waits until no request is being responded to.
  ///
  /// @param most how long
  /// @return whether that came about
  /// @throws InterruptedException if the waiting thread is interrupted
  public synchronized boolean await(Duration most) throws InterruptedException {
    // Before the count is looked at: what counts down to zero after that sees it and tells.
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

  private synchronized void tell() {
    notifyAll();
  }
}
