package dev.postern.demo.golang;

import java.util.Locale;
import java.util.Optional;

/// Go's `net/url.URL` as far as the outpost's behaviour depends on it: what it parses, what it
/// refuses, and how it writes a URL. All parts are byte strings.
///
/// @param scheme the scheme in lower case, or empty
/// @param opaque what follows a scheme without a slash, or empty
/// @param userInfo the part before the at sign as written, or empty
/// @param host host and port
/// @param path the decoded path
/// @param rawPath the path as received if encoding the decoded one would change it, else empty
/// @param query the raw query
/// @param bareQuestion whether the text ended with a single question mark
/// @param fragment the raw fragment
public record GoUrl(
    String scheme,
    String opaque,
    String userInfo,
    String host,
    String path,
    String rawPath,
    String query,
    boolean bareQuestion,
    String fragment) {

  private static final String USER_INFO_MARKS = "-._:~!$&'()*+,;=%@";
  private static final String HOST_MARKS = "!$&'()*+,;=:[]<>\"-_.~";
  private static final String PATH_MARKS = "$&+,/:;=@";

  /// Parses a URL reference.
  ///
  /// @return the parts, or empty if Go's parser reports an error
  public static Optional<GoUrl> parse(String text) {
    if (text.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
      return Optional.empty();
    }
    int hash = text.indexOf('#');
    String fragment = hash < 0 ? "" : text.substring(hash + 1);
    if (Percent.decode(fragment, false).isEmpty()) {
      return Optional.empty();
    }
    String rest = hash < 0 ? text : text.substring(0, hash);
    int schemeEnd = schemeEnd(rest);
    if (schemeEnd == 0) {
      return Optional.empty();
    }
    String scheme = schemeEnd < 0 ? "" : lower(rest.substring(0, schemeEnd));
    rest = schemeEnd < 0 ? rest : rest.substring(schemeEnd + 1);
    boolean bare = rest.endsWith("?") && rest.indexOf('?') == rest.length() - 1;
    int question = rest.indexOf('?');
    String query = question < 0 ? "" : rest.substring(question + 1);
    rest = question < 0 ? rest : rest.substring(0, question);
    GoUrl parts = new GoUrl(scheme, "", "", "", "", "", query, bare, fragment);
    if (!rest.startsWith("/")) {
      if (!scheme.isEmpty()) {
        return Optional.of(new GoUrl(scheme, rest, "", "", "", "", query, bare, fragment));
      }
      int slash = rest.indexOf('/');
      if ((slash < 0 ? rest : rest.substring(0, slash)).indexOf(':') >= 0) {
        return Optional.empty();
      }
    }
    return parts.withHierarchy(rest);
  }

  /// The index of the colon after a scheme, -1 if there is none, 0 if the scheme is missing.
  private static int schemeEnd(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      boolean later = (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
      if (c == ':') {
        return i;
      }
      if (!letter && !(later && i > 0)) {
        return -1;
      }
    }
    return -1;
  }

  private static String lower(String scheme) {
    return scheme.toLowerCase(Locale.ROOT);
  }

  private Optional<GoUrl> withHierarchy(String text) {
    String rest = text;
    String user = "";
    String authority = "";
    if (rest.startsWith("//") && (!scheme.isEmpty() || !rest.startsWith("///"))) {
      int slash = rest.indexOf('/', 2);
      String full = slash < 0 ? rest.substring(2) : rest.substring(2, slash);
      rest = slash < 0 ? "" : rest.substring(slash);
      int at = full.lastIndexOf('@');
      user = at < 0 ? "" : full.substring(0, at);
      authority = full.substring(at + 1);
      if (!isUserInfo(user) || !isHost(authority)) {
        return Optional.empty();
      }
    }
    Optional<String> path = Percent.decode(rest, false);
    if (path.isEmpty()) {
      return Optional.empty();
    }
    String raw = escapePath(path.get()).equals(rest) ? "" : rest;
    return Optional.of(
        new GoUrl(scheme, "", user, authority, path.get(), raw, query, bareQuestion, fragment));
  }

  private static boolean isUserInfo(String text) {
    return text.chars().allMatch(c -> isAlphanumeric(c) || USER_INFO_MARKS.indexOf(c) >= 0)
        && Percent.decode(text, false).isPresent();
  }

  private static boolean isHost(String text) {
    int colon = text.lastIndexOf(':');
    int bracket = text.lastIndexOf(']');
    if (text.startsWith("[") && bracket < 0) {
      return false;
    }
    String port = colon > bracket ? text.substring(colon + 1) : "";
    return port.chars().allMatch(c -> c >= '0' && c <= '9')
        && text.chars().allMatch(c -> c >= 0x80 || isAlphanumeric(c) || HOST_MARKS.indexOf(c) >= 0);
  }

  private static boolean isAlphanumeric(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }

  private static String escapePath(String path) {
    StringBuilder escaped = new StringBuilder(path.length() + 8);
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (Percent.isUnreserved(c) || PATH_MARKS.indexOf(c) >= 0) {
        escaped.append(c);
      } else {
        Percent.append(escaped, c);
      }
    }
    return escaped.toString();
  }

  /// The path as it is written in a URL.
  ///
  /// @return the path as received if that is a valid encoding of it, else encoded again
  public String escapedPath() {
    boolean valid =
        rawPath.chars().allMatch(c -> isAlphanumeric(c) || "-_.~!$&'()*+,;=:@[]%/".indexOf(c) >= 0);
    return !rawPath.isEmpty() && valid ? rawPath : escapePath(path);
  }

  /// Host without port and brackets.
  public String hostname() {
    int bracket = host.lastIndexOf(']');
    if (host.startsWith("[") && bracket > 0) {
      return host.substring(1, bracket);
    }
    int colon = host.lastIndexOf(':');
    return colon < 0 ? host : host.substring(0, colon);
  }

  /// The URL as Go writes it.
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(64);
    if (!scheme.isEmpty()) {
      text.append(scheme).append(':');
    }
    if (!opaque.isEmpty()) {
      text.append(opaque);
    } else {
      if (!scheme.isEmpty() || !host.isEmpty() || !userInfo.isEmpty()) {
        text.append("//");
        if (!userInfo.isEmpty()) {
          text.append(userInfo).append('@');
        }
        text.append(host);
      }
      String escaped = escapedPath();
      if (!escaped.isEmpty() && !escaped.startsWith("/") && !host.isEmpty()) {
        text.append('/');
      }
      text.append(escaped);
    }
    if (bareQuestion || !query.isEmpty()) {
      text.append('?').append(query);
    }
    if (!fragment.isEmpty()) {
      text.append('#').append(fragment);
    }
    return text.toString();
  }
}
