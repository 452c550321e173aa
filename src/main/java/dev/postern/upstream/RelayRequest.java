package dev.postern.upstream;

import dev.postern.http.ForwardedRequest;
import io.undertow.client.ClientRequest;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Makes the requests that go to the upstream.
public final class RelayRequest {
  private static final HttpString FORWARDED_FOR = Headers.X_FORWARDED_FOR;

  private RelayRequest() {}

  /// What this program sees of a connection itself.
  ///
  /// @param proto `http` or `https`
  /// @param host the `Host` header
  /// @param port the port that was connected to
  public record Seen(String proto, String host, int port) {
    /// Looks at a request.
    ///
    /// @param exchange the request
    /// @return what is seen
    public static Seen of(HttpServerExchange exchange) {
      String host = exchange.getRequestHeaders().getFirst(Headers.HOST);
      return new Seen(
          exchange.getRequestScheme(),
          host == null ? "" : host,
          exchange.getDestinationAddress().getPort());
    }
  }

  /// A forward-auth request, with the very header bytes that came in.
  ///
  /// `X-Original-*` would let a client choose the URL that older outposts judge (GHSA-5wcc).
  ///
  /// @param request the forward-auth request
  /// @param pathAndQuery its target
  /// @param authority the upstream's `Host`
  /// @return the request to send
  public static ClientRequest check(
      ForwardedRequest request, String pathAndQuery, String authority) {
    ClientRequest sent = request(new HttpString(request.subMethod()), pathAndQuery);
    HeaderMap headers = sent.getRequestHeaders();
    request
        .headers()
        .forEach((name, value) -> {
          if (goesOn(name) && !lower(name).startsWith("x-original-")) {
            headers.add(new HttpString(name), value);
          }
        });
    headers.put(Headers.HOST, authority);
    return sent;
  }

  /// A request for an outpost path.
  ///
  /// @param method its method
  /// @param pathAndQuery its target
  /// @param incoming the headers that came in, the `Host` that the browser asked for among them
  /// @param seen what replaces the `X-Forwarded-*` of a peer that is not trusted, or null
  /// @return the request to send
  public static ClientRequest outpostPath(
      HttpString method, String pathAndQuery, HeaderMap incoming, @Nullable Seen seen) {
    ClientRequest sent = request(method, pathAndQuery);
    HeaderMap headers = sent.getRequestHeaders();
    for (HeaderValues values : incoming) {
      String name = values.getHeaderName().toString();
      if (goesOn(name) && (seen == null || !isForwarded(name))) {
        values.forEach(value -> headers.add(values.getHeaderName(), value));
      }
    }
    if (seen != null) {
      headers.put(Headers.X_FORWARDED_PROTO, seen.proto());
      headers.put(Headers.X_FORWARDED_HOST, seen.host());
      headers.put(Headers.X_FORWARDED_PORT, seen.port());
    }
    return sent;
  }

  /// Adds a peer to those that a request came through.
  ///
  /// @param request a request for an outpost path
  /// @param peer the peer's address
  public static void appendForwardedFor(ClientRequest request, String peer) {
    HeaderMap headers = request.getRequestHeaders();
    HeaderValues before = headers.get(FORWARDED_FOR);
    headers.put(FORWARDED_FOR, before == null ? peer : String.join(", ", before) + ", " + peer);
  }

  private static ClientRequest request(HttpString method, String pathAndQuery) {
    return new ClientRequest().setMethod(method).setPath(pathAndQuery);
  }

  private static boolean goesOn(String name) {
    return !UndertowHeaders.isHopByHop(name) && !name.equalsIgnoreCase("Expect");
  }

  private static boolean isForwarded(String name) {
    String lower = lower(name);
    return lower.startsWith("x-forwarded-")
        || lower.equals("forwarded")
        || lower.equals("x-real-ip");
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
