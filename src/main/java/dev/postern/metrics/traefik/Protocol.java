package dev.postern.metrics.traefik;

import dev.postern.net.ForwardedRequest;
import dev.postern.net.RequestHeaders;
import org.jspecify.annotations.Nullable;

/// The values of the label `protocol`.
enum Protocol {
  HTTP("http"),
  WEBSOCKET("websocket"),
  SSE("sse"),
  GRPC_WEB("grpc-web"),
  GRPC("grpc");

  private final String text;

  Protocol(String text) {
    this.text = text;
  }

  String text() {
    return text;
  }

  boolean isGrpc() {
    return this == GRPC || this == GRPC_WEB;
  }

  /// The protocol of a request. Traefik drops `Connection` and `Upgrade` from a forward-auth
  /// request (docs/design/traefik.md section 1.3), so the other headers of a websocket handshake
  /// count, too (RFC 6455 section 4.1).
  static Protocol of(ForwardedRequest request) {
    RequestHeaders headers = request.headers();
    if (isWebSocket(request.proto(), headers)) {
      return WEBSOCKET;
    }
    if (hasItem(headers.first("Accept"), "text/event-stream")) {
      return SSE;
    }
    String type = headers.first("Content-Type");
    if (type == null || !type.startsWith("application/grpc")) {
      return HTTP;
    }
    return type.startsWith("application/grpc-web") ? GRPC_WEB : GRPC;
  }

  private static boolean isWebSocket(String proto, RequestHeaders headers) {
    return proto.equals("ws")
        || proto.equals("wss")
        || headers.first("Sec-WebSocket-Key") != null
        || (hasItem(headers.first("Connection"), "upgrade")
            && hasItem(headers.first("Upgrade"), "websocket"));
  }

  /// Whether a list contains the given element, ignoring case.
  private static boolean hasItem(@Nullable String line, String item) {
    if (line == null) {
      return false;
    }
    int begin = 0;
    while (begin <= line.length()) {
      int comma = line.indexOf(',', begin);
      int end = comma < 0 ? line.length() : comma;
      if (isItem(line, begin, end, item)) {
        return true;
      }
      begin = end + 1;
    }
    return false;
  }

  private static boolean isItem(String line, int begin, int end, String item) {
    int first = begin;
    int last = end;
    while (first < last && line.charAt(first) <= ' ') {
      first++;
    }
    while (last > first && line.charAt(last - 1) <= ' ') {
      last--;
    }
    return last - first == item.length() && line.regionMatches(true, first, item, 0, last - first);
  }
}
