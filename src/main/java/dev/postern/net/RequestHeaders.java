package dev.postern.net;

import java.util.ArrayList;
import java.util.List;
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

  /// Walks over all lines; lines of one name come in their order.
  ///
  /// @param visitor receives each line
  void forEach(HeaderVisitor visitor);

  /// The only line of a name.
  ///
  /// @param name header name
  /// @return its value, or null when there is none or more than one
  default @Nullable String single(String name) {
    return count(name) == 1 ? first(name) : null;
  }

  /// The first line of a name.
  ///
  /// @param name header name
  /// @return its value, or null when there is none
  @Nullable String first(String name);

  /// The values of a name, in their order. There is no way to ask for one by its position: a head
  /// of ten thousand lines of one name must not cost ten thousand passes over it.
  ///
  /// @param name header name
  /// @return one value for each line
  default List<String> values(String name) {
    String first = first(name);
    if (first == null) {
      return List.of();
    }
    int count = count(name);
    if (count == 1) {
      return List.of(first);
    }
    List<String> values = new ArrayList<>(count);
    forEach((lineName, value) -> {
      if (lineName.equalsIgnoreCase(name)) {
        values.add(value);
      }
    });
    return values;
  }
}
