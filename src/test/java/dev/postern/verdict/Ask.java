package dev.postern.verdict;

import dev.postern.net.ForwardedRequest;
import dev.postern.net.HeaderLine;
import dev.postern.net.HeaderLines;
import java.util.ArrayList;
import java.util.List;

/// Builds a forward-auth request.
record Ask(
    String subMethod,
    String subQuery,
    String method,
    String proto,
    String host,
    String uri,
    List<HeaderLine> more) {
  static final String PATH = "/outpost.goauthentik.io/auth/traefik";
  static final String COOKIE = "authentik_proxy_51a54282";

  /// A page of the application `app.test`, without a session cookie.
  static Ask anonymous() {
    return new Ask("GET", "", "GET", "https", "app.test", "/page", List.of());
  }

  /// A page of the application `app.test`, with one session cookie.
  static Ask with(String cookieValue) {
    return anonymous().plus("Cookie", COOKIE + "=" + cookieValue);
  }

  Ask plus(String name, String value) {
    List<HeaderLine> lines = new ArrayList<>(more);
    lines.add(new HeaderLine(name, value));
    return new Ask(subMethod, subQuery, method, proto, host, uri, lines);
  }

  Ask subMethod(String changed) {
    return new Ask(changed, subQuery, method, proto, host, uri, more);
  }

  Ask subQuery(String changed) {
    return new Ask(subMethod, changed, method, proto, host, uri, more);
  }

  Ask method(String changed) {
    return new Ask(subMethod, subQuery, changed, proto, host, uri, more);
  }

  Ask proto(String changed) {
    return new Ask(subMethod, subQuery, method, changed, host, uri, more);
  }

  Ask host(String changed) {
    return new Ask(subMethod, subQuery, method, proto, changed, uri, more);
  }

  Ask uri(String changed) {
    return new Ask(subMethod, subQuery, method, proto, host, changed, more);
  }

  ForwardedRequest request() {
    List<HeaderLine> lines = new ArrayList<>();
    lines.add(new HeaderLine("Host", "postern:9000"));
    lines.add(new HeaderLine("X-Forwarded-Method", method));
    lines.add(new HeaderLine("X-Forwarded-Proto", proto));
    lines.add(new HeaderLine("X-Forwarded-Host", host));
    lines.add(new HeaderLine("X-Forwarded-Uri", uri));
    lines.addAll(more);
    return ForwardedRequest.read(subMethod, PATH, subQuery, HeaderLines.of(lines));
  }
}
