package dev.postern.upstream;

import dev.postern.http.HeaderLine;
import dev.postern.http.HeaderLines;
import dev.postern.http.HeaderVisitor;
import dev.postern.http.RequestHeaders;
import io.undertow.util.HeaderMap;
import io.undertow.util.HeaderValues;
import io.undertow.util.HttpString;
import org.jspecify.annotations.Nullable;

/// Undertow's header lines as this program's.
///
/// Undertow keeps each byte of a value as one character and writes it back as that byte, over
/// HTTP/1.1 and HTTP/2, so nothing is lost on the way.
public final class UndertowHeaders implements RequestHeaders {
  private final HeaderMap headers;

  /// Wraps headers; nothing is copied.
  ///
  /// @param headers a request's headers
  public UndertowHeaders(HeaderMap headers) {
    this.headers = headers;
  }

  @Override
  public int count(String name) {
    HeaderValues values = headers.get(name);
    return values == null ? 0 : values.size();
  }

  @Override
  public String value(String name, int index) {
    HeaderValues values = headers.get(name);
    if (values == null || index >= values.size()) {
      throw new IndexOutOfBoundsException("no line " + index + " of " + name);
    }
    return values.get(index);
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

  /// Adds lines to a message.
  ///
  /// @param lines the lines
  /// @param target where they go, behind those that it has already
  public static void addTo(HeaderLines lines, HeaderMap target) {
    for (HeaderLine line : lines.lines()) {
      target.add(new HttpString(line.name()), line.value());
    }
  }
}
