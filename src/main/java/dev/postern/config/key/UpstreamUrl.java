package dev.postern.config.key;

import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;

/// The URL of the upstream: scheme, host and port, nothing else. Messages never repeat the text,
/// because people put passwords into URLs.
final class UpstreamUrl {
  private static final String SHAPE = "write http://host:9000 or https://host";

  private UpstreamUrl() {}

  static URI parse(String text) throws BadValueException {
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
    return URI.create(scheme + "://" + uri.getHost() + port);
  }

  private static @Nullable String problem(URI uri, String scheme) {
    if (!scheme.equals("http") && !scheme.equals("https")) {
      return "must begin with http:// or https://; " + SHAPE;
    }
    String authority = uri.getRawAuthority();
    if (authority != null && authority.indexOf('@') >= 0) {
      return "must not carry a user name or password; the outpost asks for none, remove them";
    }
    if (uri.getHost() == null) {
      return "has no valid host name (letters, digits, hyphens and dots; an underscore is none of"
          + " these); "
          + SHAPE;
    }
    if (uri.getPort() == 0 || uri.getPort() > 65_535) {
      return "has a port outside 1 to 65535";
    }
    if (uri.getRawPath() != null && !uri.getRawPath().isEmpty() && !uri.getRawPath().equals("/")) {
      return "must not have a path, because the path of each request is kept; " + SHAPE;
    }
    if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
      return "must not have a query or fragment, because those of each request are kept; " + SHAPE;
    }
    return null;
  }
}
