package dev.postern.server;

import dev.postern.net.TrustedPeers;

/// Who is at the other end of a connection.
final class Peers {
  private final TrustedPeers trusted;

  Peers(TrustedPeers trusted) {
    this.trusted = trusted;
  }

  /// Whether the peer may speak for clients.
  boolean isTrusted(Exchange exchange) {
    return trusted.contains(exchange.peer().getAddress());
  }

  /// The peer's address as text.
  static String address(Exchange exchange) {
    return exchange.peer().getAddress().getHostAddress();
  }
}
