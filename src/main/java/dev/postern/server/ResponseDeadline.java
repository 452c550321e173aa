package dev.postern.server;

import dev.postern.verdict.Verdict.Fault;
import dev.postern.verdict.Verdict.Unavailable;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A request that waits for its decision and gets a response, exactly once, even if the decision
/// never comes.
///
/// The cache keeps the request's deadline itself. That there is no decision when the deadline is
/// long over is an error within this program, but no reason to let a client wait for ever.
final class ResponseDeadline {
  private static final Logger LOG = LoggerFactory.getLogger(ResponseDeadline.class);

  /// Beyond every deadline, and before Traefik gives up (docs/design/traefik.md section 1.6).
  static final long SECONDS = ForwardAuthHandler.DEADLINE.toSeconds() + 2;

  private final Exchange exchange;
  private final Future<?> timer;

  /// Touched by the event loop alone.
  private boolean over;

  private ResponseDeadline(Exchange exchange) {
    this.exchange = exchange;
    timer = exchange.eventLoop().schedule(this::forgotten, SECONDS, TimeUnit.SECONDS);
  }

  /// Begins to wait.
  ///
  /// @param exchange a request, on its event loop
  static ResponseDeadline begin(Exchange exchange) {
    return new ResponseDeadline(exchange);
  }

  /// Uses the decision, on the request's event loop.
  ///
  /// @param response responds; not run when there has been a response
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

  private void forgotten() {
    Guarded.run(
        exchange,
        () -> {
          if (end() && !exchange.isOver()) {
            LOG.error(
                "A check has had no answer for {} s, which its own deadline should have ended;"
                    + " please report this",
                SECONDS);
            Responses.replace(exchange, Unavailable.because(Fault.TIMEOUT).response());
          }
        });
  }
}
