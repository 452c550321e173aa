package dev.postern.server;

import dev.postern.http.TrustedPeers;
import io.undertow.server.HttpServerExchange;

/// Who is at the other end of a connection.
final class Peers {
  private final TrustedPeers trusted;

  Peers(TrustedPeers trusted) {
    this.trusted = trusted;
  }

  /// Whether the peer may speak for clients.
  boolean isTrusted(HttpServerExchange exchange) {
    return trusted.contains(exchange.getSourceAddress().getAddress());
  }

  /// The peer's address as text.
  static String address(HttpServerExchange exchange) {
    return exchange.getSourceAddress().getAddress().getHostAddress();
  }
}
