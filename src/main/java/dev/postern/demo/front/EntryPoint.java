package dev.postern.demo.front;

import dev.postern.demo.golang.GoHeaders;
import dev.postern.demo.http.Header;
import dev.postern.demo.http.Headers;
import dev.postern.demo.http.HttpRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/// What Traefik's entry point does to the headers of a client that it does not trust
/// (docs/design/traefik.md section 1.2): it replaces forwarded headers, and obeys `Connection`.
final class EntryPoint {
  private static final Set<String> MANAGED =
      Set.of(
          "x-forwarded-proto",
          "x-forwarded-for",
          "x-forwarded-host",
          "x-forwarded-port",
          "x-forwarded-server",
          "x-forwarded-uri",
          "x-forwarded-method",
          "x-forwarded-prefix",
          "x-forwarded-scheme",
          "x-forwarded-tls-client-cert",
          "x-forwarded-tls-client-cert-info",
          "x-scheme",
          "x-real-ip");
  private static final Set<String> HOP_BY_HOP =
      Set.of("connection", "keep-alive", "te", "trailers", "transfer-encoding", "upgrade");

  private EntryPoint() {}

  /// Whether only the proxy may set this header; includes spellings with underscores.
  static boolean isManaged(String name) {
    return MANAGED.contains(name.toLowerCase(Locale.ROOT).replace('_', '-'));
  }

  /// The request as the router sees it.
  ///
  /// @param request the client's request
  /// @param proto `http` or `https`
  /// @param server the name of this proxy
  static HttpRequest receive(HttpRequest request, String proto, String server) {
    List<Header> headers = new ArrayList<>();
    for (Header header : request.headers()) {
      if (!isManaged(header.name())) {
        headers.add(new Header(GoHeaders.canonical(header.name()), header.value()));
      }
    }
    Set<String> dropped =
        Headers.all(headers, "Connection").stream()
            .flatMap(value -> List.of(value.split(",", -1)).stream())
            .map(token -> token.strip().toLowerCase(Locale.ROOT))
            .filter(token -> !token.equals("upgrade") && !token.isEmpty())
            .collect(Collectors.toSet());
    headers.removeIf(header -> dropped.contains(header.name().toLowerCase(Locale.ROOT)));
    String host = request.header("Host");
    headers.add(new Header("X-Real-Ip", peer(request)));
    headers.add(new Header("X-Forwarded-Proto", upgraded(request, proto)));
    headers.add(new Header("X-Forwarded-Port", port(host, proto)));
    headers.add(new Header("X-Forwarded-Host", host));
    headers.add(new Header("X-Forwarded-Server", server));
    return request.withHeaders(headers);
  }

  private static String upgraded(HttpRequest request, String proto) {
    boolean socket = request.header("Upgrade").toLowerCase(Locale.ROOT).contains("websocket");
    return socket ? proto.replace("http", "ws") : proto;
  }

  static String peer(HttpRequest request) {
    return request.peer().getAddress().getHostAddress();
  }

  static String port(String host, String proto) {
    int colon = host.lastIndexOf(':');
    if (colon > host.lastIndexOf(']')) {
      return host.substring(colon + 1);
    }
    return proto.equals("https") ? "443" : "80";
  }

  /// The headers without the hop-by-hop ones.
  static List<Header> endToEnd(List<Header> headers) {
    return headers.stream()
        .filter(header -> !HOP_BY_HOP.contains(header.name().toLowerCase(Locale.ROOT)))
        .collect(Collectors.toCollection(ArrayList::new));
  }
}
