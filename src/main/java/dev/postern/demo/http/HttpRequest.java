package dev.postern.demo.http;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// A request as it was received or as it will be sent.
///
/// @param target the request target as in the request line
/// @param headers all header lines in their order
/// @param body the whole body, empty if there is none
/// @param peer the address of the other side
@SuppressWarnings("ArrayRecordComponent") // bodies are written, never compared or changed
public record HttpRequest(
    String method, String target, List<Header> headers, byte[] body, InetSocketAddress peer) {
  /// Copies the list of headers.
  public HttpRequest {
    headers = List.copyOf(headers);
  }

  /// The first value of a header.
  ///
  /// @param name the name, any case
  /// @return the value, empty if there is no such line
  public String header(String name) {
    return Headers.first(headers, name);
  }

  /// The target without its query.
  ///
  /// @return the raw path
  public String path() {
    int question = target.indexOf('?');
    return question < 0 ? target : target.substring(0, question);
  }

  /// The raw query.
  ///
  /// @return what follows the first question mark, or an empty string
  public String query() {
    int question = target.indexOf('?');
    return question < 0 ? "" : target.substring(question + 1);
  }

  /// The body as UTF-8 text.
  public String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  /// The same request with other headers.
  ///
  /// @param others the new header lines
  public HttpRequest withHeaders(List<Header> others) {
    return new HttpRequest(method, target, others, body, peer);
  }

  /// The same request with one header set and all lines of that name removed.
  ///
  /// @param value the only value
  public HttpRequest withHeader(String name, String value) {
    List<Header> changed = new ArrayList<>(headers);
    changed.removeIf(header -> header.is(name));
    changed.add(new Header(name, value));
    return withHeaders(changed);
  }
}
