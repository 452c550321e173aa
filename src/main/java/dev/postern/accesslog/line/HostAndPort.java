package dev.postern.accesslog.line;

/// A `Host` header split as Traefik does it, by Go's `net.SplitHostPort`.
///
/// @param host without brackets; the whole text if it cannot be split
/// @param port `-` if there is none
record HostAndPort(String host, String port) {
  private static final String NONE = "-";

  static HostAndPort of(String text) {
    HostAndPort whole = new HostAndPort(text, NONE);
    int colon = text.lastIndexOf(':');
    if (colon < 0) {
      return whole;
    }
    String host;
    int from = 0;
    if (text.startsWith("[")) {
      int end = text.indexOf(']');
      if (end < 0 || end + 1 != colon) {
        return whole;
      }
      host = text.substring(1, end);
      from = end + 1;
    } else {
      host = text.substring(0, colon);
      if (host.indexOf(':') >= 0) {
        return whole;
      }
    }
    boolean strayBracket =
        text.indexOf('[', from == 0 ? 0 : 1) >= 0 || text.indexOf(']', from) >= 0;
    return strayBracket ? whole : new HostAndPort(host, text.substring(colon + 1));
  }
}
