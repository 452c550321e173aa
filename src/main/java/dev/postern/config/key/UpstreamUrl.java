package dev.postern.config.key;

import static java.util.regex.Pattern.CASE_INSENSITIVE;

import dev.postern.net.Endpoint;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Parses the URL of a server: scheme, host and port, and for some keys a path. Messages repeat
/// only scheme, host and port, because other parts may contain a password.
final class UpstreamUrl {
  private static final Pattern WS_SCHEME = Pattern.compile("^ws(?=s?://)", CASE_INSENSITIVE);

  /// A valid scheme, a host and a numeric port; anything else may be a password.
  private static final Pattern SHOWN =
      Pattern.compile(
          "(?s)((?:(?:https?|wss?|ftp|tcp|h2c)://)?"
              + "(?:\\[[^\\s\\[\\]]+]|[^\\s:/?#\\[\\]]+)(?::\\d+)?)([/?#].*)?",
          CASE_INSENSITIVE);

  private UpstreamUrl() {}

  /// Scheme, host and port.
  static Endpoint parse(String text) throws BadValueException {
    return withoutPath(text, parseWithPath(text));
  }

  /// Also accepts the base path of the server.
  static Endpoint parseWithPath(String text) throws BadValueException {
    return read(text, text);
  }

  /// Scheme, host and port; ws means http and wss means https.
  static Endpoint parseWebsocket(String text) throws BadValueException {
    return withoutPath(text, read(text, WS_SCHEME.matcher(text).replaceFirst("http")));
  }

  private static Endpoint read(String text, String url) throws BadValueException {
    try {
      return Endpoint.of(url);
    } catch (IllegalArgumentException e) {
      throw wrong(text, String.valueOf(e.getMessage()));
    }
  }

  private static Endpoint withoutPath(String text, Endpoint endpoint) throws BadValueException {
    if (!endpoint.path().isEmpty()) {
      throw wrong(
          text, "must not have a path, because each request keeps its own path; " + Endpoint.SHAPE);
    }
    return endpoint;
  }

  private static BadValueException wrong(String text, String rest) {
    Matcher parts = SHOWN.matcher(text);
    if (text.indexOf('@') >= 0 || !parts.matches()) {
      return new BadValueException(rest);
    }
    boolean isWhole = parts.group(2) == null;
    return BadValueException.of(
        isWhole ? text : parts.group(1) + parts.group(2).charAt(0) + "…", rest);
  }
}
