package dev.postern.accesslog;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/// Formats peer addresses as Traefik does: IPv6 in its short form (RFC 5952).
public final class PeerText {
  private PeerText() {}

  /// The address without its port: `192.0.2.7` or `2001:db8::7`.
  public static String host(InetSocketAddress peer) {
    InetAddress address = peer.getAddress();
    if (!(address instanceof Inet6Address six)) {
      return address.getHostAddress();
    }
    byte[] bytes = six.getAddress();
    int[] groups = new int[8];
    for (int i = 0; i < 8; i++) {
      groups[i] = (bytes[2 * i] & 0xff) << 8 | (bytes[2 * i + 1] & 0xff);
    }
    String zone = six.getHostAddress();
    int percent = zone.indexOf('%');
    return compressed(groups) + (percent < 0 ? "" : zone.substring(percent));
  }

  /// The address with its port: `192.0.2.7:4711` or `[2001:db8::7]:4711`.
  public static String hostAndPort(InetSocketAddress peer) {
    String host = host(peer);
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + peer.getPort();
  }

  /// Replaces the longest run of at least two zero groups, the first of equal ones, by `::`.
  private static String compressed(int[] groups) {
    int begin = -1;
    int length = 1;
    for (int i = 0; i < groups.length; i++) {
      int end = i;
      while (end < groups.length && groups[end] == 0) {
        end++;
      }
      if (end - i > length) {
        begin = i;
        length = end - i;
      }
      i = Math.max(i, end - 1);
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < groups.length; i++) {
      if (i == begin) {
        text.append("::");
        i += length - 1;
      } else {
        text.append(text.isEmpty() || text.charAt(text.length() - 1) == ':' ? "" : ":");
        text.append(Integer.toHexString(groups[i]));
      }
    }
    return text.toString();
  }
}
