package dev.postern.net;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The HTTP address of a server: a URL without user, query and fragment.
///
/// @param isTls whether the scheme is `https`
/// @param givenPort the port in the URL, or 0 if there is none
/// @param path the path prefix, as written, without a trailing slash; empty for the root
public record Endpoint(boolean isTls, HostName host, int givenPort, String path) {
  /// The hint for a text that is not a valid server URL.
  public static final String SHAPE = "write http://host:9000 or https://host";

  private static final int HIGHEST_PORT = 65_535;

  private static final Pattern URL =
      Pattern.compile("(?s)([A-Za-z][A-Za-z0-9+.-]*)://([^/?#]*)([^?#]*)(.*)");
  private static final Pattern AUTHORITY = Pattern.compile("(\\[[^]]*]|[^:]*)(?::(\\d*))?");
  private static final Pattern PATH =
      Pattern.compile("(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%\\p{XDigit}{2})*");

  /// @throws IllegalArgumentException if the port is not from 0 to 65535
  public Endpoint {
    if (givenPort < 0 || givenPort > HIGHEST_PORT) {
      throw new IllegalArgumentException("a port outside 0 to 65535");
    }
  }

  /// Parses a URL.
  ///
  /// @param url scheme and host, optionally port and path
  /// @throws IllegalArgumentException if it is invalid; the message ends a sentence about the URL
  ///   and does not repeat it, because people put passwords into URLs
  public static Endpoint of(String url) {
    Matcher parts = URL.matcher(url);
    String scheme = parts.matches() ? parts.group(1).toLowerCase(Locale.ROOT) : "";
    if (!scheme.equals("http") && !scheme.equals("https")) {
      throw new IllegalArgumentException("must begin with http:// or https://; " + SHAPE);
    }
    if (parts.group(2).indexOf('@') >= 0) {
      throw new IllegalArgumentException("must not carry a user name or password; remove them");
    }
    Matcher authority = AUTHORITY.matcher(parts.group(2));
    HostName host = authority.matches() ? HostName.inUrl(authority.group(1)).orElse(null) : null;
    if (host == null) {
      throw new IllegalArgumentException(
          "has no valid host: a name of letters, digits, hyphens, underscores and dots, an IPv4"
              + " address, or an IPv6 address in brackets; "
              + SHAPE);
    }
    if (!parts.group(4).isEmpty()) {
      throw new IllegalArgumentException(
          "must not have a query or fragment, because each request has its own; " + SHAPE);
    }
    if (!PATH.matcher(parts.group(3)).matches()) {
      throw new IllegalArgumentException("has a path with characters that are invalid in a URL");
    }
    return new Endpoint(
        scheme.equals("https"),
        host,
        givenPort(authority.group(2)),
        parts.group(3).replaceFirst("/+$", ""));
  }

  private static int givenPort(@Nullable String digits) {
    if (digits == null || digits.isEmpty()) {
      return 0;
    }
    int port = digits.length() > 5 ? 0 : Integer.parseInt(digits);
    if (port == 0 || port > HIGHEST_PORT) {
      throw new IllegalArgumentException("has a port outside 1 to 65535");
    }
    return port;
  }

  /// The port to connect to: the given one, or the scheme's default.
  public int port() {
    return givenPort > 0 ? givenPort : isTls ? 443 : 80;
  }

  /// `http` or `https`.
  public String scheme() {
    return isTls ? "https" : "http";
  }

  /// The `Host` header: the host, and the port if the URL has one.
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

  /// Whether two endpoints are the same server, ignoring letter case, an explicit default port, and
  /// paths.
  public boolean isSameServerAs(Endpoint other) {
    return isTls == other.isTls
        && port() == other.port()
        && host.text().equalsIgnoreCase(other.host.text());
  }

  private String givenPortText() {
    return givenPort > 0 ? ":" + givenPort : "";
  }

  @Override
  public String toString() {
    return origin() + path;
  }
}
