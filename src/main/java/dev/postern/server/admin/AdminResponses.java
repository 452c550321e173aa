package dev.postern.server.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import java.nio.ByteBuffer;

/// Responses of the admin entry point.
final class AdminResponses {
  private AdminResponses() {}

  /// Responds with an error.
  ///
  /// @param text one sentence for users
  static void refuse(HttpServerExchange exchange, int status, String text) {
    exchange.getResponseHeaders().put(Headers.X_CONTENT_TYPE_OPTIONS, "nosniff");
    send(exchange, status, "text/plain; charset=utf-8", text + "\n");
  }

  /// Sends a text.
  ///
  /// @param contentType media type of the text
  /// @param text the whole body
  static void send(HttpServerExchange exchange, int status, String contentType, String text) {
    exchange.setStatusCode(status);
    exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, contentType);
    forbidStoring(exchange.getResponseHeaders());
    exchange.getResponseSender().send(ByteBuffer.wrap(text.getBytes(UTF_8)));
  }

  /// Browsers and proxies must not store pages of the admin entry point.
  static void forbidStoring(HeaderMap headers) {
    if (!headers.contains(Headers.CACHE_CONTROL)) {
      headers.put(Headers.CACHE_CONTROL, "no-store");
    }
  }
}
