package dev.postern.upstream;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The address of the last successful connection. It is tried first next time, so that a dead
/// address costs its delay only once.
final class LastGood {
  private volatile @Nullable InetAddress address;

  void set(InetAddress good) {
    address = good;
  }

  /// Moves the address to the front if the host still has it.
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
