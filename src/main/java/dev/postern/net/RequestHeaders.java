package dev.postern.net;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The header lines of one message, as received.
///
/// Values are raw: each character is one byte (ISO 8859-1), and nothing is merged, split, trimmed
/// inside or decoded. Names are compared without regard to case.
public interface RequestHeaders {
  /// Number of lines of a name.
  int count(String name);

  /// Visits all lines; lines of one name come in their order.
  void forEach(HeaderVisitor visitor);

  /// The only line of a name.
  ///
  /// @return its value, or null if there is none or more than one
  default @Nullable String single(String name) {
    return count(name) == 1 ? first(name) : null;
  }

  /// The first line of a name.
  ///
  /// @return its value, or null if there is none
  @Nullable String first(String name);

  /// The values of a name, in order. Access by position is not offered: ten thousand lines of one
  /// name must not cost ten thousand passes.
  ///
  /// @return one value per line
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
