package dev.postern.net;

/// One header line.
///
/// @param name header name as received
/// @param value raw value, one character per byte
public record HeaderLine(String name, String value) {
  /// Compares the name without regard to case (RFC 9110 section 5.1).
  public boolean is(String other) {
    return name.equalsIgnoreCase(other);
  }
}
