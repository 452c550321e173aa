package dev.postern.demo.http;

import java.nio.charset.StandardCharsets;

/// One header line.
///
/// @param name the name as on the wire
/// @param value the value as on the wire, one character per byte
public record Header(String name, String value) {
  /// A header line whose value is sent as UTF-8.
  ///
  /// @param text the value as text
  /// @return the line with the value's UTF-8 bytes as ISO-8859-1 characters
  public static Header ofText(String name, String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return new Header(name, new String(utf8, StandardCharsets.ISO_8859_1));
  }

  /// Whether this line has the name, ignoring case.
  ///
  /// @param other the name to compare with
  /// @return true if it is the same name
  public boolean is(String other) {
    return name.equalsIgnoreCase(other);
  }
}
