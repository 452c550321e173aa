package dev.postern.demo.http;

import java.util.List;

/// Look-ups in a list of header lines.
public final class Headers {
  private Headers() {}

  /// The first value of a name, as Go's `Header.Get` returns it.
  ///
  /// @param headers the lines
  /// @param name the name, any case
  /// @return the value, empty if there is no such line
  public static String first(List<Header> headers, String name) {
    for (Header header : headers) {
      if (header.is(name)) {
        return header.value();
      }
    }
    return "";
  }

  /// All values of a name in their order.
  ///
  /// @param headers the lines
  /// @param name the name, any case
  public static List<String> all(List<Header> headers, String name) {
    return headers.stream().filter(header -> header.is(name)).map(Header::value).toList();
  }

  /// Whether there is a line with this name.
  ///
  /// @param headers the lines
  /// @param name the name, any case
  /// @return true if there is one
  public static boolean has(List<Header> headers, String name) {
    return headers.stream().anyMatch(header -> header.is(name));
  }

  /// Whether one of the comma-separated elements of a header is the token.
  ///
  /// @param headers the lines
  /// @param name the name, any case
  /// @param token the element to look for, any case
  /// @return true if it is there
  public static boolean hasToken(List<Header> headers, String name, String token) {
    return all(headers, name).stream()
        .flatMap(value -> List.of(value.split(",", -1)).stream())
        .anyMatch(element -> element.strip().equalsIgnoreCase(token));
  }
}
