package dev.postern.server;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.Protocols;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.IoUtils;

/// Returns to the thread of a connection.
///
/// Undertow ends a request whose handler throws. What comes later is called by nobody who knows of
/// the request, so here is where it is ended then.
final class IoThreads {
  private static final Logger LOG = LoggerFactory.getLogger(IoThreads.class);

  private IoThreads() {}

  /// Runs work on the I/O thread that a request's connection belongs to: nothing else may touch it.
  static void run(HttpServerExchange exchange, Runnable work) {
    if (exchange.isInIoThread()) {
      guarded(exchange, work);
      return;
    }
    try {
      exchange.getIoThread().execute(() -> guarded(exchange, work));
    } catch (RejectedExecutionException stopped) {
      IoUtils.safeClose(exchange.getConnection());
    }
  }

  /// Runs work for a request on its I/O thread; if it fails, the request is ended.
  static void guarded(HttpServerExchange exchange, Runnable work) {
    try {
      work.run();
    } catch (RuntimeException | Error failure) {
      try {
        LOG.atError()
            .addKeyValue("request", exchange.getRequestMethod())
            .addKeyValue("path", exchange.getRequestPath())
            .setCause(failure)
            .log("A request failed within Postern; please report this with the lines below");
      } finally {
        end(exchange);
      }
    }
  }

  /// Half an answer must not look like all of it.
  private static void end(HttpServerExchange exchange) {
    if (exchange.isComplete()) {
      return;
    }
    if (!exchange.isResponseStarted()) {
      exchange.getResponseHeaders().clear();
      AnswerWriter.refuse(exchange, 500, "The request failed.");
    } else if (exchange.getProtocol().equals(Protocols.HTTP_2_0)) {
      exchange.endExchange();
    } else {
      IoUtils.safeClose(exchange.getConnection());
    }
  }
}
