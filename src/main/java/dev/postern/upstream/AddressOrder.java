package dev.postern.upstream;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/// The order in which addresses are tried.
final class AddressOrder {
  private AddressOrder() {}

  /// Alternates between both address families (RFC 8305 section 4), starting with the resolver's
  /// first: if one family is unreachable, the other is tried second.
  ///
  /// @param addresses at least one address, in the resolver's order
  /// @param most maximum number to return
  static List<InetAddress> interleaved(List<InetAddress> addresses, int most) {
    Class<?> first = addresses.getFirst().getClass();
    Iterator<InetAddress> same = addresses.stream().filter(first::isInstance).iterator();
    Iterator<InetAddress> other =
        addresses.stream().filter(address -> !first.isInstance(address)).iterator();
    List<InetAddress> ordered = new ArrayList<>();
    while ((same.hasNext() || other.hasNext()) && ordered.size() < most) {
      if (same.hasNext()) {
        ordered.add(same.next());
      }
      if (other.hasNext() && ordered.size() < most) {
        ordered.add(other.next());
      }
    }
    return ordered;
  }
}
