package dev.postern.net;

import java.net.InetAddress;

/// A range of addresses in CIDR notation (RFC 4632), or one address.
///
/// @param network any address of the range
/// @param prefixLength number of leading bits to compare
public record AddressRange(InetAddress network, int prefixLength) {
  /// Bits before the IPv4 address in an IPv4-mapped one (RFC 4291 section 2.5.5.2).
  private static final int MAPPED_BITS = 96;

  /// Parses `10.0.0.0/8`, `fd00::/8` or a bare address. Names are never resolved.
  ///
  /// @throws IllegalArgumentException if it is not valid
  public static AddressRange parse(String text) {
    int slash = text.indexOf('/');
    String address = slash < 0 ? text : text.substring(0, slash);
    if (address.indexOf(':') < 0 && address.chars().filter(c -> c == '.').count() != 3) {
      // Java would parse "10" as 0.0.0.10.
      throw new IllegalArgumentException("not a complete address: " + address);
    }
    InetAddress network = InetAddress.ofLiteral(address);
    int bits = 8 * network.getAddress().length;
    // Java converts ::ffff:10.0.0.1 to an IPv4 address, but the prefix length counts all 128 bits.
    int mapped = address.indexOf(':') >= 0 && bits == 32 ? MAPPED_BITS : 0;
    int prefixLength = slash < 0 ? bits + mapped : prefixLength(text.substring(slash + 1));
    if (prefixLength < mapped || prefixLength > bits + mapped) {
      throw new IllegalArgumentException(
          "prefix length "
              + prefixLength
              + " is not between "
              + mapped
              + " and "
              + (bits + mapped));
    }
    return new AddressRange(network, prefixLength - mapped);
  }

  private static int prefixLength(String digits) {
    if (!digits.matches("0|[1-9][0-9]{0,2}")) {
      throw new IllegalArgumentException("not a prefix length: " + digits);
    }
    return Integer.parseInt(digits);
  }

  /// Whether an address is in the range; IPv4 and IPv6 never match each other.
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
