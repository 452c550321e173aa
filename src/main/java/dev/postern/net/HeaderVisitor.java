package dev.postern.net;

/// Receives header lines one by one.
@FunctionalInterface
public interface HeaderVisitor {
  /// Takes one line.
  ///
  /// @param name header name in its received spelling
  /// @param value raw value, one character a byte
  void line(String name, String value);
}
