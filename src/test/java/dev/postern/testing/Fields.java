package dev.postern.testing;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Groups header lines for comparison: a relay must keep the spelling of each name and the order of
/// its values. The order between different names does not matter.
public final class Fields {
  private Fields() {}

  /// Groups header lines.
  ///
  /// @param fields the lines
  /// @param without names to leave out, whatever their case
  /// @return the values by name
  public static Map<String, List<String>> of(List<Field> fields, String... without) {
    Set<String> left =
        Arrays.stream(without).map(n -> n.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
    return fields.stream()
        .filter(field -> !left.contains(field.name().toLowerCase(Locale.ROOT)))
        .collect(
            Collectors.groupingBy(
                Field::name, TreeMap::new, Collectors.mapping(Field::value, Collectors.toList())));
  }

  /// Groups header lines given as text.
  ///
  /// @param lines the lines, `Name: value` each
  /// @param without names to leave out, whatever their case
  /// @return the values by name
  public static Map<String, List<String>> ofLines(List<String> lines, String... without) {
    return of(lines.stream().map(Field::of).toList(), without);
  }
}
