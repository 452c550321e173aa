package dev.postern.server;

import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs work for a request so that the request is ended if the work fails. The server does that for
/// handlers; what is run later is known to nobody else, and its client would wait for ever.
public final class Guarded {
  private static final Logger LOG = LoggerFactory.getLogger(Guarded.class);

  private Guarded() {}

  /// Runs work on the event loop of a request: nothing else may touch the request.
  static void onEventLoop(Exchange exchange, Runnable work) {
    if (exchange.eventLoop().inEventLoop()) {
      run(exchange, work);
      return;
    }
    try {
      exchange.eventLoop().execute(() -> run(exchange, work));
    } catch (RejectedExecutionException stopped) {
      // The event loop has closed all its connections.
    }
  }

  /// Runs work for a request on its event loop; if it fails, the request is ended.
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

  /// A part of a response must not look like all of it.
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
