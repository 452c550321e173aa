package dev.postern.upstream;

import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Connections to the upstream that wait for their next call. Each event loop has its own, so that
/// nothing is locked.
final class ConnectionPool {
  /// Below the 120 s after which the outpost itself closes an idle connection
  /// (docs/design/authentik.md section 1.1).
  private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(60);

  /// Most idle connections of one event loop. A request that may not be sent twice goes out on a
  /// new connection and leaves it here, so clients could make any number of them.
  private static final int MOST_IDLE = 64;

  /// The idle connections of one event loop, the last used one first; touched by no other.
  private static final class IdlePool {
    final Deque<Connection> idle = new ArrayDeque<>();
    boolean sweeping;
  }

  private final Map<EventLoop, IdlePool> pools = new ConcurrentHashMap<>();
  private final AtomicLong trustedSince = new AtomicLong(System.nanoTime());

  /// Takes a connection that is still good.
  ///
  /// @param loop the event loop of the caller
  /// @return a connection, or null when there is none
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

  /// Trusts no connection any more that has given its last response before a moment: a call on a
  /// kept connection has got no response since, and what swallowed it (a firewall that has lost its
  /// state, a network that has moved) swallows what is sent on the other old ones, too.
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

  /// Forgets a connection that is closed. Called on its event loop.
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
