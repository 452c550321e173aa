package dev.postern.net;

/// One header line.
///
/// @param name header name in its received spelling
/// @param value raw value, one character a byte
public record HeaderLine(String name, String value) {
  /// Compares the name as HTTP does (RFC 9110 section 5.1).
  ///
  /// @param other header name
  /// @return whether this line carries it, in whatever case
  public boolean is(String other) {
    return name.equalsIgnoreCase(other);
  }
}
