package dev.postern.server.edge;

import dev.postern.server.Exchange.TlsSession;
import dev.postern.server.ExchangeHandler;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/// One connection: who is at its other end, and what it shares with the others.
///
/// @param address the peer's address
/// @param localPort the port that it has connected to
/// @param trusted whether the peer may speak for clients
/// @param tls the TLS session, or null over plain TCP
/// @param loop what the connections of its event loop share
/// @param limits the limits
/// @param budget the memory that all share
/// @param listener learns of limits
/// @param handler responds to requests
record Peer(
    InetSocketAddress address,
    int localPort,
    boolean trusted,
    @Nullable TlsSession tls,
    LoopState loop,
    EdgeLimits limits,
    MemoryBudget budget,
    EdgeListener listener,
    ExchangeHandler handler) {
  String scheme() {
    return tls == null ? "http" : "https";
  }

  boolean take(long bytes) {
    return budget.take(trusted, bytes);
  }

  boolean takeForBlock(long bytes) {
    return budget.takeForBlock(trusted, bytes);
  }

  void give(long bytes) {
    budget.give(trusted, bytes);
  }

  /// How many requests it may have at a time over HTTP/2.
  int streams() {
    return trusted ? limits.streams() : limits.untrustedStreams();
  }

  void broke(Limit limit) {
    listener.limit(limit, address.getAddress().getHostAddress());
  }

  Peer withTls(TlsSession session) {
    return new Peer(address, localPort, trusted, session, loop, limits, budget, listener, handler);
  }
}
