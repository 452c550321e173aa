package dev.postern.net;

import java.net.Inet4Address;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/// The `X-Forwarded-For` header.
public final class ForwardedFor {
  private static final int LONGEST_PORT = 5;

  private ForwardedFor() {}

  /// The client that a trusted peer reports: the last element, which the peer wrote itself
  /// (docs/design/traefik.md section 1.3). Earlier elements are not trusted.
  ///
  /// @param value the header, or null
  /// @param peer address of the peer, for requests without the header
  /// @return the client's address as text; see [#address(String)] for its format
  public static String last(@Nullable String value, String peer) {
    if (value == null) {
      return peer;
    }
    String last = value.substring(value.lastIndexOf(',') + 1).strip();
    return last.isEmpty() ? peer : last;
  }

  /// The address in one element, without parts that do not identify a client.
  ///
  /// Some proxies append the client's port (`1.2.3.4:5678`, `[2001:db8::1]:443`), which differs for
  /// each connection; brackets (`[::1]`), a zone (`fe80::1%eth0`) and the IPv4-mapped form
  /// (`::ffff:1.2.3.4`) are other spellings of one address.
  ///
  /// @param element an element, or the address of a peer
  /// @return the address without port, brackets and zone, IPv4 in dotted form; text that is not an
  ///   address is returned as is, without surrounding blanks
  public static String address(String element) {
    String text = element.strip();
    int colon = text.indexOf(':');
    if (colon < 0) {
      return text;
    }
    if (text.startsWith("[")) {
      int end = text.indexOf(']');
      boolean isWhole = end > 0 && isPortOrNothing(text, end + 1);
      return isWhole ? literal(text.substring(1, end), text) : text;
    }
    return colon == text.lastIndexOf(':')
        ? isPortOrNothing(text, colon) ? literal(text.substring(0, colon), text) : text
        : literal(text, text);
  }

  private static boolean isPortOrNothing(String text, int from) {
    int digits = text.length() - from - 1;
    if (digits < 0) {
      return digits == -1;
    }
    return text.charAt(from) == ':'
        && digits <= LONGEST_PORT
        && text.chars().skip(from + 1L).allMatch(c -> c >= '0' && c <= '9');
  }

  /// @param otherwise returned if the text is not an address
  private static String literal(String text, String otherwise) {
    int zone = text.indexOf('%');
    String address = zone < 0 ? text : text.substring(0, zone);
    InetAddress parsed = parsed(address);
    if (parsed == null) {
      return otherwise;
    }
    return parsed instanceof Inet4Address ? parsed.getHostAddress() : address;
  }

  private static @Nullable InetAddress parsed(String text) {
    if (text.indexOf(':') < 0 && text.chars().filter(c -> c == '.').count() != 3) {
      // Java would parse "10" as 0.0.0.10.
      return null;
    }
    try {
      return InetAddress.ofLiteral(text);
    } catch (IllegalArgumentException noAddress) {
      return null;
    }
  }
}
