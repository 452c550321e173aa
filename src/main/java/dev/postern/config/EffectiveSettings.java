package dev.postern.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// What is in effect for each key of the static configuration, defaults included. It is noted while
/// the configuration is read, so it cannot miss a key; a section that is off is not in it.
///
/// @param values by the full name of the key, in the order of reading
public record EffectiveSettings(Map<String, Value> values) {
  /// That of a configuration that was not read from anywhere.
  public static final EffectiveSettings NONE = new EffectiveSettings(Map.of());

  /// Copies the map.
  public EffectiveSettings {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  /// The value of one key.
  ///
  /// @param text as an operator would write it; `***` for a secret
  /// @param value what was read, to compare it
  public record Value(String text, Object value) {}

  /// One line a section, `section: key=value key=value`.
  ///
  /// @return lines for the log; no secret is in them
  public List<String> lines() {
    return sections().entrySet().stream()
        .map(section -> section.getKey() + ": " + line(section.getValue()))
        .toList();
  }

  private static String line(Map<String, String> values) {
    return values.entrySet().stream()
        .map(value -> value.getKey() + "=" + value.getValue())
        .collect(Collectors.joining(" "));
  }

  /// The texts by section and the rest of the key's name: `entryPoints.auth` and
  /// `forwardedHeaders.trustedIPs`, `cache` and `loginLimit.average`.
  ///
  /// @return sections in the order of reading
  public Map<String, Map<String, String>> sections() {
    var sections = new LinkedHashMap<String, Map<String, String>>();
    values.forEach((name, value) -> {
      String section = section(name);
      String rest = name.equals(section) ? "path" : name.substring(section.length() + 1);
      sections.computeIfAbsent(section, _ -> new LinkedHashMap<>()).put(rest, value.text());
    });
    return sections;
  }

  /// The first part of a name, and the second where each key of the first belongs to something that
  /// has a name: an entry point, a provider, a feed.
  private String section(String name) {
    String first = name.split("\\.", 2)[0];
    boolean named =
        values.keySet().stream()
            .filter(other -> other.startsWith(first + "."))
            .allMatch(other -> other.indexOf('.', first.length() + 1) > 0);
    return named && name.length() > first.length()
        ? name.substring(0, name.indexOf('.', first.length() + 1))
        : first;
  }
}
