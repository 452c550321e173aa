package dev.postern.testing;

import java.util.regex.Pattern;

/// One header line.
///
/// @param name the name, spelled as on the wire
/// @param value the value without the white space around it, each byte one character (ISO 8859-1)
public record Field(String name, String value) {
  private static final Pattern OUTER_SPACE = Pattern.compile("^[ \\t]+|[ \\t]+$");

  /// Reads `Name: value`.
  ///
  /// @param line a header line without its line end
  /// @throws IllegalArgumentException when there is no colon
  public static Field of(String line) {
    int colon = line.indexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException("not a header line: " + line);
    }
    return new Field(
        line.substring(0, colon), OUTER_SPACE.matcher(line.substring(colon + 1)).replaceAll(""));
  }

  @Override
  public String toString() {
    return name + ": " + value;
  }
}
