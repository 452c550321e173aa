package dev.postern.server.edge;

import dev.postern.server.Exchange.TlsSession;
import dev.postern.server.ExchangeHandler;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/// One connection: its peer, and what it shares with other connections.
///
/// @param localPort the port that the peer has connected to
/// @param trusted whether the peer may send `X-Forwarded-*`
/// @param tls the TLS session, or null over plain TCP
/// @param loop the state shared on its event loop
/// @param budget the memory shared by all connections
/// @param listener receives exceeded limits
/// @param handler handles the requests
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

  /// Maximum concurrent requests over HTTP/2.
  int streams() {
    return trusted ? limits.streams() : limits.untrustedStreams();
  }

  void exceeded(Limit limit) {
    listener.limit(limit, address.getAddress().getHostAddress());
  }

  Peer withTls(TlsSession session) {
    return new Peer(address, localPort, trusted, session, loop, limits, budget, listener, handler);
  }
}
