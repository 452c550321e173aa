package dev.postern.upstream;

import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Idle connections to the upstream. Each event loop has its own, so no locks are needed.
final class ConnectionPool {
  /// Below the 120 s after which the outpost closes an idle connection (docs/design/authentik.md
  /// section 1.1).
  private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(60);

  /// Maximum idle connections per event loop. A request that must not be sent twice opens a new
  /// connection and leaves it here, so clients could otherwise create any number.
  private static final int MOST_IDLE = 64;

  /// The idle connections of one event loop, most recently used first; used on that loop only.
  private static final class IdlePool {
    final Deque<Connection> idle = new ArrayDeque<>();
    boolean sweeping;
  }

  private final Map<EventLoop, IdlePool> pools = new ConcurrentHashMap<>();
  private final AtomicLong trustedSince = new AtomicLong(System.nanoTime());

  /// Takes a usable connection.
  ///
  /// @param loop the caller's event loop
  /// @return a connection, or null if there is none
  @Nullable Connection take(EventLoop loop) {
    IdlePool pool = pool(loop);
    Connection kept = pool.idle.pollFirst();
    while (kept != null) {
      if (isTrusted(kept) && kept.channel().isIdle()) {
        return kept;
      }
      kept.close();
      kept = pool.idle.pollFirst();
    }
    return null;
  }

  /// Stops reusing connections whose last response ended before a moment. A call on a kept
  /// connection got no response since; whatever drops its packets (a firewall that lost its state,
  /// a network change) drops those of the other old connections too.
  ///
  /// @param nanos the moment, by [System#nanoTime]
  void distrustBefore(long nanos) {
    trustedSince.accumulateAndGet(nanos, (a, b) -> a - b >= 0 ? a : b);
  }

  private boolean isTrusted(Connection connection) {
    return connection.lastResponse() - trustedSince.get() >= 0;
  }

  /// Keeps a connection whose response is complete. Called on its event loop.
  void keep(Connection connection) {
    EventLoop loop = connection.eventLoop();
    if (loop.isShuttingDown()) {
      connection.close();
      return;
    }
    IdlePool pool = pool(loop);
    pool.idle.addFirst(connection);
    if (pool.idle.size() > MOST_IDLE) {
      pool.idle.removeLast().close();
    }
    sweepLater(loop, pool, IDLE_NANOS);
  }

  /// Removes a closed connection. Called on its event loop.
  void forget(Connection connection) {
    pool(connection.eventLoop()).idle.remove(connection);
  }

  private void sweepLater(EventLoop loop, IdlePool pool, long nanos) {
    if (!pool.sweeping) {
      pool.sweeping = true;
      var _ = loop.schedule(() -> sweep(loop, pool), nanos, TimeUnit.NANOSECONDS);
    }
  }

  private void sweep(EventLoop loop, IdlePool pool) {
    pool.sweeping = false;
    long now = System.nanoTime();
    Connection oldest = pool.idle.peekLast();
    while (oldest != null
        && (!isTrusted(oldest) || now - oldest.lastResponse() >= IDLE_NANOS / 2)) {
      pool.idle.removeLast();
      oldest.close();
      oldest = pool.idle.peekLast();
    }
    if (!pool.idle.isEmpty()) {
      sweepLater(loop, pool, IDLE_NANOS / 2);
    }
  }

  private IdlePool pool(EventLoop loop) {
    return pools.computeIfAbsent(loop, _ -> new IdlePool());
  }
}
