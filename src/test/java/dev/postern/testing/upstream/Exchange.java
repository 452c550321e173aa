package dev.postern.testing.upstream;

import dev.postern.testing.Field;
import java.util.List;

/// One recorded request and response of a real outpost, with placeholders replaced.
///
/// @param index its place in the file, from 0
/// @param name description, with version and store
/// @param version release of the outpost
/// @param method method of the request
/// @param target path and query of the request
/// @param host `Host` of the request
/// @param request the other header lines of the request, exactly as sent
/// @param status status of the response; 0 when the connection was closed without one
/// @param headers header lines of the response
/// @param bodyLength bytes of its body
public record Exchange(
    int index,
    String name,
    String version,
    String method,
    String target,
    String host,
    List<String> request,
    int status,
    List<Field> headers,
    int bodyLength) {
  /// Copies the lists.
  public Exchange {
    request = List.copyOf(request);
    headers = List.copyOf(headers);
  }

  /// {@return the body of the response: invented, because only its length was recorded}
  public String body() {
    return "<html>the body of an answer</html>\n"
        .repeat(bodyLength / 35 + 1)
        .substring(0, bodyLength);
  }

  /// {@return the whole response in wire form; empty when there was none}
  public String answer() {
    if (status == 0) {
      return "";
    }
    StringBuilder text = new StringBuilder("HTTP/1.1 " + status + " Recorded\r\n");
    headers.forEach(field -> text.append(field).append("\r\n"));
    return text.append("\r\n").append(chunked() ? chunks() : body()).toString();
  }

  /// {@return whether the response has no length, so that it ends with the connection}
  public boolean endsWithConnection() {
    return !chunked() && !has("Content-Length");
  }

  private boolean chunked() {
    return has("Transfer-Encoding");
  }

  private boolean has(String name) {
    return headers.stream().anyMatch(f -> f.name().equals(name));
  }

  private String chunks() {
    String body = body();
    int half = body.length() / 2;
    return chunk(body.substring(0, half)) + chunk(body.substring(half)) + "0\r\n\r\n";
  }

  private static String chunk(String part) {
    return Integer.toHexString(part.length()) + "\r\n" + part + "\r\n";
  }

  @Override
  public String toString() {
    return index + " " + name;
  }
}
