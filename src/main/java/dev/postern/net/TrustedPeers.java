package dev.postern.net;

import java.net.InetAddress;
import java.util.List;

/// The peers that may send forward-auth requests.
///
/// An IPv4-mapped IPv6 address counts as its IPv4 address.
public final class TrustedPeers {
  private static final TrustedPeers LOOPBACK_AND_PRIVATE =
      of(
          List.of(
              "127.0.0.0/8",
              "10.0.0.0/8",
              "172.16.0.0/12",
              "192.168.0.0/16",
              "::1/128",
              "fc00::/7",
              "fe80::/10"));

  private final List<AddressRange> ranges;

  private TrustedPeers(List<AddressRange> ranges) {
    this.ranges = ranges;
  }

  /// Trusts the given addresses and ranges.
  ///
  /// @param ranges addresses (`10.1.2.3`) and CIDR ranges (`10.0.0.0/8`)
  /// @throws IllegalArgumentException if a range is invalid
  public static TrustedPeers of(List<String> ranges) {
    return new TrustedPeers(ranges.stream().map(AddressRange::parse).toList());
  }

  /// Trusts loopback, the private ranges (RFC 1918, RFC 4193) and link-local IPv6.
  public static TrustedPeers loopbackAndPrivate() {
    return LOOPBACK_AND_PRIVATE;
  }

  public boolean contains(InetAddress peer) {
    for (AddressRange range : ranges) {
      if (range.contains(peer)) {
        return true;
      }
    }
    return false;
  }
}
