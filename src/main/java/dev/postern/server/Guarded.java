package dev.postern.server;

import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs work for a request and ends the request if the work fails. The server does this only for
/// the handler's own call; without this, a failure in a later callback would leave the client
/// waiting for ever.
public final class Guarded {
  private static final Logger LOG = LoggerFactory.getLogger(Guarded.class);

  private Guarded() {}

  /// Runs work on the request's event loop, the only thread that may use the request.
  static void onEventLoop(Exchange exchange, Runnable work) {
    if (exchange.eventLoop().inEventLoop()) {
      run(exchange, work);
      return;
    }
    try {
      exchange.eventLoop().execute(() -> run(exchange, work));
    } catch (RejectedExecutionException stopped) {
      // The event loop is shut down, so its connections are already closed.
    }
  }

  /// Runs work for a request, on its event loop; if it fails, ends the request.
  static void run(Exchange exchange, Runnable work) {
    try {
      work.run();
    } catch (RuntimeException | Error failure) {
      try {
        log(exchange, failure);
      } finally {
        end(exchange);
      }
    }
  }

  private static void log(Exchange exchange, Throwable failure) {
    LOG.atError()
        .addKeyValue("request", exchange.head().method())
        .addKeyValue("path", Target.of(exchange.head().target()).path())
        .setCause(failure)
        .log("A request failed within Postern; please report this with the lines below");
  }

  /// If the response has begun, it is aborted: a part must not look complete.
  private static void end(Exchange exchange) {
    if (exchange.isOver()) {
      return;
    }
    if (exchange.isResponseBegun()) {
      exchange.abort();
    } else {
      exchange.respond(Responses.refusal(500, "The request failed."));
    }
  }
}
