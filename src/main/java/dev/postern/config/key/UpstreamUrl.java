package dev.postern.config.key;

import dev.postern.net.Endpoint;

/// The URL of a server: scheme, host and port, and where it may have one a path; nothing else.
/// Messages never repeat the text, because people put passwords into URLs.
final class UpstreamUrl {
  private UpstreamUrl() {}

  /// Scheme, host and port.
  static Endpoint parse(String text) throws BadValueException {
    Endpoint endpoint = parseWithPath(text);
    if (!endpoint.path().isEmpty()) {
      throw new BadValueException(
          "must not have a path, because the path of each request is kept; " + Endpoint.SHAPE);
    }
    return endpoint;
  }

  /// The same with the path below which the server is mounted.
  static Endpoint parseWithPath(String text) throws BadValueException {
    try {
      return Endpoint.of(text);
    } catch (IllegalArgumentException e) {
      throw new BadValueException(String.valueOf(e.getMessage()));
    }
  }
}
