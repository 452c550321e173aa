package dev.postern.config.key;

import static java.util.regex.Pattern.CASE_INSENSITIVE;

import dev.postern.net.Endpoint;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The URL of a server: scheme, host and port, and where it may have one a path; nothing else.
/// Messages repeat scheme, host and port, and nothing that could be a password: people put those
/// into URLs.
final class UpstreamUrl {
  private static final Pattern WS_SCHEME = Pattern.compile("^ws(?=s?://)", CASE_INSENSITIVE);

  /// A scheme that is one, a host and a port of digits; what stands there otherwise may be a
  /// password.
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

  /// The same with the path below which the server is mounted.
  static Endpoint parseWithPath(String text) throws BadValueException {
    return read(text, text);
  }

  /// Scheme, host and port; ws stands for http and wss for https.
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
          text,
          "must not have a path, because the path of each request is kept; " + Endpoint.SHAPE);
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
