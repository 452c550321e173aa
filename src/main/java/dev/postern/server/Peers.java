package dev.postern.server;

import dev.postern.net.TrustedPeers;

/// The address of a connection's peer, and whether it is trusted.
final class Peers {
  private final TrustedPeers trusted;

  Peers(TrustedPeers trusted) {
    this.trusted = trusted;
  }

  /// Whether the peer may send `X-Forwarded-*`.
  boolean isTrusted(Exchange exchange) {
    return trusted.contains(exchange.peer().getAddress());
  }

  /// The peer's address as text.
  static String address(Exchange exchange) {
    return exchange.peer().getAddress().getHostAddress();
  }
}
