package dev.postern.app;

import dev.postern.server.edge.EdgeListener;
import dev.postern.server.edge.Limit;
import dev.postern.server.observe.PeerNotices;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Counts what an entry point refuses, and logs mistakes of peers.
final class EdgeWatch implements EdgeListener {
  private static final Logger LOG = LoggerFactory.getLogger(EdgeWatch.class);

  /// Limits the log lines: without a free descriptor, accepting fails many times a second.
  private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(60);

  private final String entryPoint;
  private final PeerNotices notices;
  private final Consumer<String> counter;
  private final LongSupplier ticker;
  private final AtomicLong nextLine;

  /// @param notices logs mistakes of peers
  /// @param counter counts by the label of the limit
  /// @param ticker monotonic nanoseconds
  EdgeWatch(String entryPoint, PeerNotices notices, Consumer<String> counter, LongSupplier ticker) {
    this.entryPoint = entryPoint;
    this.notices = notices;
    this.counter = counter;
    this.ticker = ticker;
    nextLine = new AtomicLong(ticker.getAsLong());
  }

  @Override
  public void limit(Limit limit, String peer) {
    counter.accept(limit.label());
    if (limit.scope() == Limit.Scope.PEER && limit != Limit.IDLE_TIME) {
      notices.limited(peer, limit.sentence());
    }
  }

  @Override
  public void tlsOnPlain(String peer) {
    notices.tlsOnPlain(peer);
  }

  @Override
  public void plainOnTls(String peer) {
    notices.plainOnTls(peer);
  }

  @Override
  public void certificateRefused(String peer, String alert) {
    notices.certificateRefused(peer, alert);
  }

  @Override
  public void clientCertificateRefused(String peer, String reason) {
    notices.clientCertificateRefused(peer, reason);
  }

  @Override
  public void acceptFailed(String reason) {
    long due = nextLine.get();
    long now = ticker.getAsLong();
    if (now - due >= 0 && nextLine.compareAndSet(due, now + PAUSE_NANOS)) {
      LOG.atError()
          .addKeyValue("entryPoint", entryPoint)
          .addKeyValue("reason", reason)
          .log(
              "No connection can be accepted; if there are too many open files, raise the process"
                  + " limit (ulimit -n, LimitNOFILE)");
    }
  }
}
