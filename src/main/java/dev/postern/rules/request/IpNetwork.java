package dev.postern.rules.request;

import org.jspecify.annotations.Nullable;

/// A single address or a CIDR block, as the `ClientIP` matcher accepts it (docs/design/traefik.md
/// section 2.3).
public final class IpNetwork {
  private final IpAddress base;
  private final int bits;
  private final boolean single;

  private IpNetwork(IpAddress base, int bits, boolean single) {
    this.base = base;
    this.bits = bits;
    this.single = single;
  }

  /// Parses an address or a block; host bits of a block are ignored.
  ///
  /// @param text such as `10.0.0.1` or `10.0.0.0/8`
  /// @return the network, or null if the text is not valid
  public static @Nullable IpNetwork parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      IpAddress address = IpAddress.parse(text);
      return address == null ? null : new IpNetwork(address, 128, true);
    }
    IpAddress address = IpAddress.parse(text.substring(0, slash));
    int length = prefixLength(text.substring(slash + 1));
    if (address == null || length < 0 || length > address.bitLength()) {
      return null;
    }
    int bits = 128 - address.bitLength() + length;
    return new IpNetwork(address.masked(bits), bits, false);
  }

  private static int prefixLength(String digits) {
    String significant = digits.replaceFirst("^0+(?=.)", "");
    boolean plain = !digits.isEmpty() && digits.chars().allMatch(c -> c >= '0' && c <= '9');
    return plain && significant.length() <= 3 ? Integer.parseInt(significant) : -1;
  }

  /// Whether an address is in the network. A block of one family never contains an address of the
  /// other, not even `0.0.0.0/0` and `::/0`.
  public boolean contains(IpAddress address) {
    if (single) {
      return base.equals(address);
    }
    if (base.isV4() != address.isV4()) {
      return false;
    }
    for (int i = 0; i < 16; i++) {
      int mask = (0xFF00 >> Math.clamp(bits - 8L * i, 0, 8)) & 0xFF;
      if ((address.at(i) & mask) != (base.at(i) & mask)) {
        return false;
      }
    }
    return true;
  }
}
