package dev.postern.upstream;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.HexFormat;

/// Which client a call to the upstream is counted for.
public final class ClientShare {
  private ClientShare() {}

  /// One client: an IPv4 address, or the /64 network of an IPv6 address, which is one subscriber's
  /// share (RFC 6177). An IPv4-mapped IPv6 address counts as its IPv4 address.
  ///
  /// @param client an address as text
  /// @return the key to count under; text that is not an address is returned unchanged
  public static String of(String client) {
    if (client.indexOf(':') < 0) {
      return client;
    }
    try {
      InetAddress address = InetAddress.ofLiteral(client);
      return address instanceof Inet6Address
          ? HexFormat.of().formatHex(address.getAddress(), 0, 8)
          : address.getHostAddress();
    } catch (IllegalArgumentException noAddress) {
      return client;
    }
  }
}
