package dev.postern.http;

import org.jspecify.annotations.Nullable;

/// The header lines of one request, as received.
///
/// Values are raw bytes: each character of a value stands for one byte (ISO 8859-1), and nothing is
/// merged, split, trimmed inside or decoded. Names are compared without regard to case.
public interface RequestHeaders {
  /// Counts the lines of a name.
  ///
  /// @param name header name
  /// @return how many lines carry it
  int count(String name);

  /// Reads one line.
  ///
  /// @param name header name
  /// @param index position among the lines of that name, from 0
  /// @return its value
  /// @throws IndexOutOfBoundsException if there are not that many lines
  String value(String name, int index);

  /// Walks over all lines; lines of one name come in their order.
  ///
  /// @param visitor receives each line
  void forEach(HeaderVisitor visitor);

  /// The only line of a name.
  ///
  /// @param name header name
  /// @return its value, or null when there is none or more than one
  default @Nullable String single(String name) {
    return count(name) == 1 ? value(name, 0) : null;
  }

  /// The first line of a name.
  ///
  /// @param name header name
  /// @return its value, or null when there is none
  default @Nullable String first(String name) {
    return count(name) == 0 ? null : value(name, 0);
  }
}
