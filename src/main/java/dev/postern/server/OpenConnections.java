package dev.postern.server;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.xnio.ChannelListener;
import org.xnio.StreamConnection;

/// Counts the open connections of an entry point.
///
/// The listener that is told of a connection's end belongs to whoever speaks its protocol, so
/// connections are asked whether they are open: when somebody wants to know, and else as often as
/// keeps those that have ended fewer than those that are open, but for a few.
final class OpenConnections {
  private static final int FEW = 64;

  private final Set<StreamConnection> accepted = ConcurrentHashMap.newKeySet();
  private final AtomicInteger mostAccepted = new AtomicInteger(FEW);

  /// A listener that counts connections and hands them on.
  ChannelListener<StreamConnection> counting(ChannelListener<StreamConnection> next) {
    return connection -> {
      accepted.add(connection);
      if (accepted.size() > mostAccepted.get()) {
        mostAccepted.set(2 * count() + FEW);
      }
      next.handleEvent(connection);
    };
  }

  int count() {
    accepted.removeIf(connection -> !connection.isOpen());
    return accepted.size();
  }
}
