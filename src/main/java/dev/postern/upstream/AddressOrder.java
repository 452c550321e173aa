package dev.postern.upstream;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/// The order in which addresses are tried.
final class AddressOrder {
  private AddressOrder() {}

  /// Takes addresses of both families in turn (RFC 8305 section 4), beginning with the family that
  /// the resolver has put first: where one of them leads nowhere, the other is tried second.
  ///
  /// @param addresses one address or more, as the resolver has ordered them
  /// @param most how many to take at most
  /// @return the addresses in the order to try them
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
