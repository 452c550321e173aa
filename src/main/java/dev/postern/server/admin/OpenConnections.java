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
/// The listener that is told of a connection's end belongs to whoever speaks its protocol, so
/// connections are asked whether they are open: when somebody wants to know, and else as often as
/// keeps those that have ended fewer than those that are open, but for a few.
final class OpenConnections {
  private static final int FEW = 64;

  /// Weak, because a connection that has ended still holds what it was about to read.
  private final Set<WeakReference<StreamConnection>> accepted = ConcurrentHashMap.newKeySet();

  private final AtomicInteger mostAccepted = new AtomicInteger(FEW);

  /// A listener that counts connections and hands them on.
  ChannelListener<StreamConnection> counting(ChannelListener<StreamConnection> next) {
    return connection -> {
      accepted.add(new WeakReference<>(connection));
      if (accepted.size() > mostAccepted.get()) {
        mostAccepted.set(2 * count() + FEW);
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
