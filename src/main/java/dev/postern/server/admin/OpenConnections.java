package dev.postern.server.admin;

import java.lang.ref.WeakReference;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.xnio.ChannelListener;
import org.xnio.StreamConnection;

/// Counts the open connections of an entry point.
///
/// The close listener of a connection belongs to the code that implements its protocol, so this
/// class polls instead: it removes closed connections when the count is read, and often enough on
/// accept that they stay fewer than the open ones, apart from a small number.
final class OpenConnections {
  private static final int SPARE = 64;

  /// Weak references, because a closed connection still holds its read buffer.
  private final Set<WeakReference<StreamConnection>> accepted = ConcurrentHashMap.newKeySet();

  private final AtomicInteger cleanupThreshold = new AtomicInteger(SPARE);

  /// A listener that records each connection and calls the next listener.
  ChannelListener<StreamConnection> counting(ChannelListener<StreamConnection> next) {
    return connection -> {
      accepted.add(new WeakReference<>(connection));
      if (accepted.size() > cleanupThreshold.get()) {
        cleanupThreshold.set(2 * count() + SPARE);
      }
      next.handleEvent(connection);
    };
  }

  int count() {
    accepted.removeIf(connection -> !isOpen(connection.get()));
    return accepted.size();
  }

  private static boolean isOpen(@Nullable StreamConnection connection) {
    return connection != null && connection.isOpen();
  }
}
