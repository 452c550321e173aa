package dev.postern.net;

/// Receives header lines one by one.
@FunctionalInterface
public interface HeaderVisitor {
  /// Takes one line.
  ///
  /// @param name header name as received
  /// @param value raw value, one character per byte
  void line(String name, String value);
}
