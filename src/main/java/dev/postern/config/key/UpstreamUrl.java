package dev.postern.config.key;

import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;

/// The URL of a server: scheme, host and port, and where it may have one a path; nothing else.
/// Messages never repeat the text, because people put passwords into URLs.
final class UpstreamUrl {
  private static final String SHAPE = "write http://host:9000 or https://host";

  private UpstreamUrl() {}

  /// Scheme, host and port.
  static URI parse(String text) throws BadValueException {
    URI uri = parseWithPath(text);
    if (!uri.getRawPath().isEmpty()) {
      throw new BadValueException(
          "must not have a path, because the path of each request is kept; " + SHAPE);
    }
    return uri;
  }

  /// The same with the path below which the server is mounted, without a slash at its end.
  static URI parseWithPath(String text) throws BadValueException {
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException _) {
      throw new BadValueException("is not a URL; " + SHAPE);
    }
    String scheme = uri.getScheme() == null ? "" : Words.lower(uri.getScheme());
    String wrong = problem(uri, scheme);
    if (wrong != null) {
      throw new BadValueException(wrong);
    }
    String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
    String path = uri.getRawPath() == null ? "" : uri.getRawPath().replaceFirst("/+$", "");
    return URI.create(scheme + "://" + uri.getHost() + port + path);
  }

  private static @Nullable String problem(URI uri, String scheme) {
    if (!scheme.equals("http") && !scheme.equals("https")) {
      return "must begin with http:// or https://; " + SHAPE;
    }
    String authority = uri.getRawAuthority();
    if (authority != null && authority.indexOf('@') >= 0) {
      return "must not carry a user name or password; remove them";
    }
    if (uri.getHost() == null) {
      return "has no valid host name (letters, digits, hyphens and dots; an underscore is none of"
          + " these); "
          + SHAPE;
    }
    if (uri.getPort() == 0 || uri.getPort() > 65_535) {
      return "has a port outside 1 to 65535";
    }
    if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
      return "must not have a query or fragment, because each request has its own; " + SHAPE;
    }
    return null;
  }
}
