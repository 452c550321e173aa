package dev.postern.rules.request;

/// Derives from a Host header the names that rules compare (docs/design/traefik.md section 0, stage
/// 8).
public final class CanonicalHost {
  private CanonicalHost() {}

  /// The host for the v3 and v2 `Host` matchers and for v3's `HostRegexp`.
  ///
  /// @param header the Host header, or the authority of an absolute request target, as a byte
  ///   string
  /// @return the host in lower case without port and without the brackets of IPv6; possibly empty
  public static String of(String header) {
    String host = withoutPort(header);
    if (host.length() >= 2 && host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    }
    return ByteStrings.lowerAscii(host.strip());
  }

  /// Removes a port as Go's `net.SplitHostPort` does. The port is not validated; a value that does
  /// not have the form `host:port` or `[v6]:port` stays unchanged, brackets included.
  ///
  /// @param header the Host header as a byte string
  public static String withoutPort(String header) {
    int colon = header.lastIndexOf(':');
    if (colon < 0) {
      return header;
    }
    if (header.startsWith("[")) {
      int end = header.indexOf(']');
      boolean plain =
          end > 0
              && end + 1 == colon
              && header.indexOf('[', 1) < 0
              && header.indexOf(']', end + 1) < 0;
      return plain ? header.substring(1, end) : header;
    }
    boolean plain =
        header.indexOf(':') == colon && header.indexOf('[') < 0 && header.indexOf(']') < 0;
    return plain ? header.substring(0, colon) : header;
  }
}
