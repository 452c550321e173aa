package dev.postern.net;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.regex.Pattern;

/// A range of addresses in CIDR notation (RFC 4632), or one address.
///
/// @param network any address of the range
/// @param prefixLength number of leading bits to compare
public record AddressRange(InetAddress network, int prefixLength) {
  /// Bits before the IPv4 address in an IPv4-mapped one (RFC 4291 section 2.5.5.2).
  private static final int MAPPED_BITS = 96;

  private static final String NOT_A_RANGE =
      "is not an address or CIDR range; write 10.0.0.0/8, 192.0.2.7 or 2001:db8::/32";

  private static final Pattern V4 = Pattern.compile("((0|[1-9]\\d{0,2})\\.){3}(0|[1-9]\\d{0,2})");
  private static final Pattern V6 = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");
  private static final Pattern LENGTH = Pattern.compile("0|[1-9]\\d{0,2}");

  /// Parses `10.0.0.0/8`, `fd00::/8` or a bare address. Names are never resolved.
  ///
  /// @throws IllegalArgumentException whose message says about the text what is wrong with it
  public static AddressRange parse(String text) {
    int slash = text.indexOf('/');
    String literal = slash < 0 ? text : text.substring(0, slash);
    InetAddress network = address(literal);
    boolean isV6Text = literal.indexOf(':') >= 0;
    // Java converts ::ffff:10.0.0.1 to an IPv4 address, but the prefix length counts all 128 bits.
    int least = isV6Text && network instanceof Inet4Address ? MAPPED_BITS : 0;
    int most = isV6Text ? 128 : 32;
    String length = slash < 0 ? String.valueOf(most) : text.substring(slash + 1);
    if (!LENGTH.matcher(length).matches()
        || Integer.parseInt(length) < least
        || Integer.parseInt(length) > most) {
      throw new IllegalArgumentException(
          "has a prefix length that is not from %d to %d".formatted(least, most));
    }
    return new AddressRange(network, Integer.parseInt(length) - least);
  }

  private static InetAddress address(String literal) {
    // Java would parse "10" as 0.0.0.10.
    if (!V4.matcher(literal).matches() && !V6.matcher(literal).matches()) {
      throw new IllegalArgumentException(NOT_A_RANGE);
    }
    try {
      return InetAddress.ofLiteral(literal);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(NOT_A_RANGE, e);
    }
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
