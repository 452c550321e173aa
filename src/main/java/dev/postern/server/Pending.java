package dev.postern.server;

import dev.postern.verdict.Verdict.Fault;
import dev.postern.verdict.Verdict.Unavailable;
import io.undertow.server.HttpServerExchange;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.XnioExecutor;

/// A request that waits for its answer and gets one, exactly once, even if whoever was to give it
/// never does.
///
/// Who is asked keeps the request's deadline itself. That nobody has answered when it is long over
/// is an error within this program, but no reason to let a client wait for ever.
final class Pending {
  private static final Logger LOG = LoggerFactory.getLogger(Pending.class);

  /// Beyond every deadline, and before Traefik gives up (traefik-contract 1.6).
  static final long SECONDS = ForwardAuthHandler.DEADLINE.toSeconds() + 2;

  private final HttpServerExchange exchange;
  private final XnioExecutor.Key timer;

  /// Touched by the I/O thread alone.
  private boolean over;

  private Pending(HttpServerExchange exchange, XnioExecutor thread) {
    this.exchange = exchange;
    timer = thread.executeAfter(this::forgotten, SECONDS, TimeUnit.SECONDS);
  }

  /// Begins to wait.
  ///
  /// @param exchange a request, on its I/O thread
  static Pending begin(HttpServerExchange exchange) {
    return begin(exchange, exchange.getIoThread());
  }

  static Pending begin(HttpServerExchange exchange, XnioExecutor thread) {
    return new Pending(exchange, thread);
  }

  /// Answers, on the request's I/O thread.
  ///
  /// @param writing writes the answer; not run when there has been one
  void answer(Runnable writing) {
    IoThreads.run(
        exchange,
        () -> {
          if (end()) {
            writing.run();
          }
        });
  }

  private boolean end() {
    boolean waited = !over;
    over = true;
    boolean _ = timer.remove();
    return waited;
  }

  private void forgotten() {
    IoThreads.guarded(
        exchange,
        () -> {
          if (end() && !exchange.isComplete()) {
            LOG.error(
                "A check has had no answer for {} s, which its own deadline should have ended;"
                    + " please report this",
                SECONDS);
            AnswerWriter.replace(exchange, Unavailable.because(Fault.TIMEOUT).answer());
          }
        });
  }
}
