package dev.postern.server.admin;

import dev.postern.net.HeaderVisitor;
import dev.postern.net.RequestHeaders;
import io.undertow.util.HeaderMap;
import io.undertow.util.HeaderValues;
import org.jspecify.annotations.Nullable;

/// Adapts Undertow's headers to [RequestHeaders], for reports of the admin entry point.
final class UndertowHeaders implements RequestHeaders {
  private final HeaderMap headers;

  /// @param headers a request's headers; they are not copied
  UndertowHeaders(HeaderMap headers) {
    this.headers = headers;
  }

  @Override
  public int count(String name) {
    HeaderValues values = headers.get(name);
    return values == null ? 0 : values.size();
  }

  @Override
  public @Nullable String first(String name) {
    return headers.getFirst(name);
  }

  @Override
  public void forEach(HeaderVisitor visitor) {
    for (HeaderValues values : headers) {
      String name = values.getHeaderName().toString();
      for (String value : values) {
        visitor.line(name, value);
      }
    }
  }
}
