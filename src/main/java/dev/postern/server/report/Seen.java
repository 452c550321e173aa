package dev.postern.server.report;

import dev.postern.accesslog.CompletedRequest;
import dev.postern.accesslog.CompletedRequest.Tls;
import dev.postern.accesslog.PeerText;
import dev.postern.http.ForwardedRequest;
import dev.postern.upstream.UndertowHeaders;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.SSLSessionInfo;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import org.jspecify.annotations.Nullable;

/// What a request says of itself.
///
/// @param exchange the request
/// @param trusted whether its peer may speak for clients
record Seen(HttpServerExchange exchange, boolean trusted) {
  /// The request itself in the form of a forwarded one.
  ForwardedRequest request() {
    String method = exchange.getRequestMethod().toString();
    String path = exchange.getRequestURI();
    String query = exchange.getQueryString();
    return new ForwardedRequest(
        method,
        path,
        query,
        new UndertowHeaders(exchange.getRequestHeaders()),
        method,
        spoken("X-Forwarded-Proto", exchange.getRequestScheme()),
        spoken("X-Forwarded-Host", exchange.getRequestHeaders().getFirst(Headers.HOST)),
        query.isEmpty() ? path : path + "?" + query,
        ForwardedRequest.Form.SOUND);
  }

  private String spoken(String header, @Nullable String own) {
    String value = trusted ? exchange.getRequestHeaders().getFirst(header) : null;
    if (value != null && !value.isEmpty()) {
      return value;
    }
    return own == null ? "" : own;
  }

  /// Address of the client.
  String client() {
    HeaderValues through =
        trusted ? exchange.getRequestHeaders().get(Headers.X_FORWARDED_FOR) : null;
    String value =
        through == null
            ? ""
            : through.size() == 1 ? through.getFirst() : String.join(", ", through);
    return value.isEmpty() ? PeerText.host(exchange.getSourceAddress()) : value;
  }

  CompletedRequest.Connection connection(String entryPoint) {
    return new CompletedRequest.Connection(
        entryPoint, exchange.getProtocol().toString(), exchange.getSourceAddress(), tls());
  }

  private @Nullable Tls tls() {
    SSLSessionInfo session = exchange.getConnection().getSslSessionInfo();
    if (session == null) {
      return null;
    }
    String version =
        switch (session.getSSLSession().getProtocol()) {
          case "TLSv1.3" -> "1.3";
          case "TLSv1.2" -> "1.2";
          case String _ -> "unknown";
        };
    return new Tls(version, session.getCipherSuite());
  }
}
