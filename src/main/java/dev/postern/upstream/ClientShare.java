package dev.postern.upstream;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.HexFormat;

/// Whom a place at the upstream is counted for.
public final class ClientShare {
  private ClientShare() {}

  /// One client: an IPv4 address, or the /64 network of an IPv6 address, which is what one
  /// subscriber has (RFC 6177).
  ///
  /// @param client an address as text
  /// @return the name to count under; text that is no address counts as it is
  public static String of(String client) {
    if (client.indexOf(':') < 0) {
      return client;
    }
    try {
      return InetAddress.ofLiteral(client) instanceof Inet6Address address
          ? HexFormat.of().formatHex(address.getAddress(), 0, 8)
          : client;
    } catch (IllegalArgumentException noAddress) {
      return client;
    }
  }
}
