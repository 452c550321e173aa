package dev.postern.net;

/// Strict syntax checks for `X-Forwarded-*` values.
///
/// Each is stricter than an upstream: a value that passes has the same meaning for every parser. A
/// value that fails is passed on, but the cache does not handle the request
/// (docs/design/authentik.md section 1.2, traps 24 and 33).
final class ForwardedSyntax {
  private ForwardedSyntax() {}

  static boolean isProto(String proto) {
    return switch (proto) {
      case "https", "http", "wss", "ws" -> true;
      case String _ -> false;
    };
  }

  /// A token (RFC 9110 section 5.6.2).
  static boolean isMethod(String method) {
    for (int i = 0; i < method.length(); i++) {
      if (!isTokenChar(method.charAt(i))) {
        return false;
      }
    }
    return !method.isEmpty();
  }

  static boolean isTokenChar(char c) {
    return isAlphanumeric(c) || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
  }

  /// Host name or address with an optional port; no user information, lists or white space.
  static boolean isHost(String host) {
    for (int i = 0; i < host.length(); i++) {
      char c = host.charAt(i);
      if (!isAlphanumeric(c) && ".-_:[]".indexOf(c) < 0) {
        return false;
      }
    }
    return !host.isEmpty();
  }

  /// An absolute path with an optional query: visible characters or bytes above ASCII, no fragment,
  /// no invalid escape.
  static boolean isUri(String uri) {
    if (uri.isEmpty() || uri.charAt(0) != '/') {
      return false;
    }
    for (int i = 0; i < uri.length(); i++) {
      char c = uri.charAt(i);
      if (c <= ' ' || c == 0x7f || c == '#') {
        return false;
      }
      if (c == '%' && Percent.octet(uri, i) < 0) {
        return false;
      }
    }
    return true;
  }

  private static boolean isAlphanumeric(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }
}
