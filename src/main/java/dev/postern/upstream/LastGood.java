package dev.postern.upstream;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The address that the last new connection was made to. It has the first turn next time, so that a
/// dead address before it costs its delay only once.
final class LastGood {
  private volatile @Nullable InetAddress address;

  void set(InetAddress good) {
    address = good;
  }

  /// Puts the address first, if it is still one of the host's.
  ///
  /// @param addresses the addresses in their order
  /// @return the same addresses
  List<InetAddress> first(List<InetAddress> addresses) {
    InetAddress good = address;
    if (good == null || !addresses.contains(good)) {
      return addresses;
    }
    List<InetAddress> ordered = new ArrayList<>(addresses);
    ordered.remove(good);
    ordered.addFirst(good);
    return ordered;
  }
}
