package dev.postern.server;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// Counts the requests that are being answered, so that a stop can wait for them.
///
/// While draining, requests are served as before, and answers over HTTP/1.1 ask the peer to close
/// the connection: it opens its next one elsewhere.
public final class Drain implements HttpHandler {
  private final HttpHandler next;
  private final AtomicLong active = new AtomicLong();
  private volatile boolean draining;
  private volatile boolean awaited;

  /// Wraps a handler.
  ///
  /// @param next answers the requests
  public Drain(HttpHandler next) {
    this.next = next;
  }

  @Override
  public void handleRequest(HttpServerExchange exchange) throws Exception {
    active.incrementAndGet();
    exchange.addExchangeCompleteListener((_, chain) -> {
      if (active.decrementAndGet() == 0 && awaited) {
        tell();
      }
      chain.proceed();
    });
    if (draining && exchange.isHttp11()) {
      exchange.setPersistent(false);
      exchange.getResponseHeaders().put(Headers.CONNECTION, "close");
    }
    next.handleRequest(exchange);
  }

  /// Asks peers to go elsewhere.
  public void begin() {
    draining = true;
  }

  /// Waits until no request is being answered.
  ///
  /// @param most how long
  /// @return whether that came about
  /// @throws InterruptedException if the waiting thread is interrupted
  public synchronized boolean await(Duration most) throws InterruptedException {
    // Before the count is looked at: who counts down to zero after that sees it and tells.
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
