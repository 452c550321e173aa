package dev.postern.server;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import java.time.Duration;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Counts the requests that are being answered, so that a stop can wait for them.
///
/// While draining, requests are served as before, and answers over HTTP/1.1 ask the peer to close
/// the connection: it opens its next one elsewhere.
public final class Drain implements HttpHandler {
  private final HttpHandler next;
  private final Phaser active = new Phaser(1);
  private volatile boolean draining;

  /// Wraps a handler.
  ///
  /// @param next answers the requests
  public Drain(HttpHandler next) {
    this.next = next;
  }

  @Override
  public void handleRequest(HttpServerExchange exchange) throws Exception {
    active.register();
    exchange.addExchangeCompleteListener((_, chain) -> {
      active.arriveAndDeregister();
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
  public boolean await(Duration most) throws InterruptedException {
    try {
      active.awaitAdvanceInterruptibly(active.arrive(), most.toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    }
  }
}
