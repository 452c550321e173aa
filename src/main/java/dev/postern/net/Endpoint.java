package dev.postern.net;

import org.jspecify.annotations.Nullable;

/// Where a server is reached over HTTP: what is left of a URL without user, query and fragment.
///
/// @param isTls whether it is reached over TLS (`https`)
/// @param host its host
/// @param givenPort the port that the URL names, or 0 where it names none
/// @param path the path below which the server is mounted, as written and without a slash at its
///   end; empty for the root
public record Endpoint(boolean isTls, HostName host, int givenPort, String path) {
  private static final int HIGHEST_PORT = 65_535;

  /// Checks the numbers.
  ///
  /// @throws IllegalArgumentException if the port is not from 0 to 65535
  public Endpoint {
    if (givenPort < 0 || givenPort > HIGHEST_PORT) {
      throw new IllegalArgumentException("a port outside 0 to 65535");
    }
  }

  /// The port to connect to: the given one, or the usual one of the scheme.
  public int port() {
    return givenPort > 0 ? givenPort : isTls ? 443 : 80;
  }

  /// `http` or `https`.
  public String scheme() {
    return isTls ? "https" : "http";
  }

  /// The `Host` header: the host, and the port where the URL names one.
  public String authority() {
    return host.inHeader() + givenPortText();
  }

  /// Scheme, host and port without the path.
  public String origin() {
    return scheme() + "://" + host.inUrl() + givenPortText();
  }

  /// The TLS server name to send, see [HostName#sniName].
  ///
  /// @return the name, or null for an address
  public @Nullable String sniName() {
    return host.sniName();
  }

  /// Whether two endpoints are the same server: the names in any case, the usual port given or not.
  /// Paths do not count.
  ///
  /// @param other another endpoint
  public boolean isSameServerAs(Endpoint other) {
    return isTls == other.isTls
        && port() == other.port()
        && host.text().equalsIgnoreCase(other.host.text());
  }

  private String givenPortText() {
    return givenPort > 0 ? ":" + givenPort : "";
  }

  /// The URL.
  @Override
  public String toString() {
    return origin() + path;
  }
}
