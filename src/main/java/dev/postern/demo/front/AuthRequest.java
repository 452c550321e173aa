package dev.postern.demo.front;

import dev.postern.demo.http.Header;
import dev.postern.demo.http.Headers;
import dev.postern.demo.http.HttpRequest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.BinaryOperator;

/// Builds the auth request as Traefik's ForwardAuth does with `trustForwardHeader` set to false or
/// true (docs/design/traefik.md section 1.3). Unlike Go's client it does not accept gzip, so that
/// responses need no decompression.
final class AuthRequest {
  private AuthRequest() {}

  /// The auth request.
  ///
  /// @param request the client's request after the entry point
  /// @param authHost the value of `Host`
  /// @param path path and query of the auth server
  /// @param trust whether existing forwarded headers are kept
  /// @param proto `http` or `https`
  static HttpRequest of(
      HttpRequest request, String authHost, String path, boolean trust, String proto) {
    List<Header> headers = EntryPoint.endToEnd(request.headers());
    headers.removeIf(header -> header.is("Host") || header.is("Content-Length"));
    if (!trust) {
      headers.removeIf(header -> EntryPoint.isManaged(header.name()));
    }
    String peer = EntryPoint.peer(request);
    String before = String.join(", ", Headers.all(headers, "X-Forwarded-For"));
    headers.removeIf(header -> header.is("X-Forwarded-For"));
    String chain = before.isEmpty() ? peer : before + ", " + peer;
    headers.add(new Header("X-Forwarded-For", chain));
    String host = request.header("Host");
    fill(headers, "X-Forwarded-Method", request.method());
    fill(headers, "X-Forwarded-Proto", proto);
    fill(headers, "X-Forwarded-Host", host);
    fill(headers, "X-Forwarded-Uri", request.target());
    fill(headers, "X-Forwarded-Port", EntryPoint.port(host, proto));
    return new HttpRequest("GET", path, ordered(headers, authHost), new byte[0], request.peer());
  }

  private static void fill(List<Header> headers, String name, String value) {
    if (!Headers.has(headers, name)) {
      headers.add(new Header(name, value));
    }
  }

  /// Go's order on the wire: Host, User-Agent, the rest by name.
  private static List<Header> ordered(List<Header> headers, String authHost) {
    List<Header> ordered = new ArrayList<>();
    ordered.add(new Header("Host", authHost));
    headers.stream().filter(header -> header.is("User-Agent")).limit(1).forEach(ordered::add);
    headers.stream()
        .filter(header -> !header.is("User-Agent"))
        .sorted(Comparator.comparing(Header::name))
        .forEach(ordered::add);
    return ordered;
  }

  /// The request to the service: names to be copied are deleted first.
  ///
  /// @param request the client's request after the entry point
  /// @param allowed the headers of the allowing response
  /// @param names the names to be copied
  static HttpRequest withIdentity(HttpRequest request, List<Header> allowed, List<String> names) {
    BinaryOperator<HttpRequest> sequential = (first, second) -> second;
    return names.stream()
        .reduce(request, (changed, name) -> copied(changed, allowed, name), sequential);
  }

  private static HttpRequest copied(HttpRequest request, List<Header> allowed, String name) {
    List<Header> headers = new ArrayList<>(request.headers());
    headers.removeIf(header -> header.is(name));
    Headers.all(allowed, name).forEach(value -> headers.add(new Header(name, value)));
    return request.withHeaders(headers);
  }
}
