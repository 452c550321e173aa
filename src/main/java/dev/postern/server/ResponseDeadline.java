package dev.postern.server;

import dev.postern.verdict.Verdict.Fault;
import dev.postern.verdict.Verdict.Unavailable;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Ensures that a waiting request gets exactly one response, even if the cache never decides.
///
/// The cache enforces the request's deadline itself. No decision long after it is a bug in Postern,
/// but the client must not wait for ever.
final class ResponseDeadline {
  private static final Logger LOG = LoggerFactory.getLogger(ResponseDeadline.class);

  /// Above every deadline and below Traefik's timeout (docs/design/traefik.md section 1.6).
  static final long SECONDS = ForwardAuthHandler.DEADLINE.toSeconds() + 2;

  private final Exchange exchange;
  private final Future<?> timer;

  /// Accessed only on the event loop.
  private boolean over;

  private ResponseDeadline(Exchange exchange) {
    this.exchange = exchange;
    timer = exchange.eventLoop().schedule(this::expired, SECONDS, TimeUnit.SECONDS);
  }

  /// Starts the timer.
  ///
  /// @param exchange a request, on its event loop
  static ResponseDeadline begin(Exchange exchange) {
    return new ResponseDeadline(exchange);
  }

  /// Uses the decision, on the request's event loop.
  ///
  /// @param response responds; not run if the request already has a response
  void decided(Runnable response) {
    Guarded.onEventLoop(
        exchange,
        () -> {
          if (end()) {
            response.run();
          }
        });
  }

  private boolean end() {
    boolean waited = !over;
    over = true;
    boolean _ = timer.cancel(false);
    return waited;
  }

  private void expired() {
    Guarded.run(
        exchange,
        () -> {
          if (end() && !exchange.isOver()) {
            LOG.error(
                "A check was not decided within {} s, although its deadline is shorter;"
                    + " please report this",
                SECONDS);
            Responses.replace(exchange, Unavailable.because(Fault.TIMEOUT).response());
          }
        });
  }
}
