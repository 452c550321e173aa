package dev.postern.metrics.traefik;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/// The names of a family's labels, in the order of Go's client.
///
/// @param names the names in order
record Labels(List<String> names) {
  static Labels of(Stream<String> names) {
    return new Labels(names.sorted().toList());
  }

  /// The values in the order of the names.
  List<String> values(Map<String, String> byName) {
    return names.stream().map(name -> Objects.requireNonNull(byName.get(name), name)).toList();
  }

  static Map<String, String> both(Map<String, String> one, Map<String, String> other) {
    Map<String, String> both = new HashMap<>(one);
    both.putAll(other);
    return both;
  }
}
