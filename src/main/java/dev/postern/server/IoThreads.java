package dev.postern.server;

import io.undertow.server.HttpServerExchange;
import java.util.concurrent.RejectedExecutionException;
import org.xnio.IoUtils;

/// Returns to the thread of a connection.
final class IoThreads {
  private IoThreads() {}

  /// Runs work on the I/O thread that a request's connection belongs to: nothing else may touch it.
  static void run(HttpServerExchange exchange, Runnable work) {
    if (exchange.isInIoThread()) {
      work.run();
      return;
    }
    try {
      exchange.getIoThread().execute(work);
    } catch (RejectedExecutionException stopped) {
      IoUtils.safeClose(exchange.getConnection());
    }
  }
}
