package dev.postern.http;

import java.net.InetAddress;

/// A range of addresses in CIDR notation (RFC 4632), or one address.
///
/// @param network any address of the range
/// @param prefixLength how many leading bits are compared
public record AddressRange(InetAddress network, int prefixLength) {
  /// Reads `10.0.0.0/8`, `fd00::/8` or a bare address. Names are never looked up.
  ///
  /// @param text the notation
  /// @return the range
  /// @throws IllegalArgumentException if it is not one
  public static AddressRange parse(String text) {
    int slash = text.indexOf('/');
    InetAddress network = InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash));
    int bits = 8 * network.getAddress().length;
    int prefixLength = slash < 0 ? bits : Integer.parseInt(text.substring(slash + 1));
    if (prefixLength < 0 || prefixLength > bits) {
      throw new IllegalArgumentException(
          "prefix length " + prefixLength + " is not between 0 and " + bits);
    }
    return new AddressRange(network, prefixLength);
  }

  /// Whether an address lies in the range; families do not mix.
  ///
  /// @param address an address
  /// @return whether its leading bits are those of the network
  public boolean contains(InetAddress address) {
    byte[] mine = network.getAddress();
    byte[] other = address.getAddress();
    if (mine.length != other.length) {
      return false;
    }
    int whole = prefixLength / 8;
    for (int i = 0; i < whole; i++) {
      if (mine[i] != other[i]) {
        return false;
      }
    }
    int rest = prefixLength % 8;
    return rest == 0 || (mine[whole] ^ other[whole]) >> (8 - rest) == 0;
  }
}
