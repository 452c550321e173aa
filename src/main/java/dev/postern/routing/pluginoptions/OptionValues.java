package dev.postern.routing.pluginoptions;

import dev.postern.config.Problem;
import dev.postern.config.key.Words;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The values of a section of a `plugin` block. Keys match in any case; values are converted as
/// Traefik does for a plugin.
final class OptionValues {
  private static final Set<String> TRUE = Set.of("1", "t", "T", "true", "True", "TRUE");
  private static final Set<String> FALSE = Set.of("", "0", "f", "F", "false", "False", "FALSE");

  private final String origin;
  private final Map<String, Object> values = new LinkedHashMap<>();

  private OptionValues(String origin) {
    this.origin = origin;
  }

  /// Reads a section.
  ///
  /// @param section a map, or an empty text for an empty section
  /// @param keys the allowed keys
  /// @param origin where it is defined, including its own path
  /// @param problems receives unknown keys
  static OptionValues of(
      @Nullable Object section, List<String> keys, String origin, List<Problem> problems) {
    var values = new OptionValues(origin);
    if (section instanceof Map<?, ?> map) {
      map.forEach((key, value) -> values.put(String.valueOf(key), value, keys, problems));
    } else if (section != null && !section.equals("")) {
      problems.add(new Problem(origin, "must be a section with keys"));
    }
    return values;
  }

  private void put(String key, @Nullable Object value, List<String> keys, List<Problem> problems) {
    String path = path(Words.printable(key));
    Optional<String> known = keys.stream().filter(key::equalsIgnoreCase).findFirst();
    if (known.isEmpty()) {
      String meant =
          Words.nearest(key, keys)
              .map(near -> "did you mean " + near + "?")
              .orElse("known: " + String.join(", ", keys));
      problems.add(new Problem(path, "is not an option; " + meant));
    } else if (value != null && values.putIfAbsent(known.get(), value) != null) {
      problems.add(new Problem(path, "is set twice"));
    }
  }

  /// The path of a key, or of the section itself for an empty one.
  String path(String key) {
    return key.isEmpty() ? origin : origin + "." + key;
  }

  boolean has(String key) {
    return values.containsKey(key);
  }

  /// A nested section with its own allowed keys.
  OptionValues section(String key, List<String> keys, List<Problem> problems) {
    return of(values.get(key), keys, path(key), problems);
  }

  /// One text, trimmed; empty when there is none.
  String text(String key, List<Problem> problems) {
    Object value = values.getOrDefault(key, "");
    if (value instanceof Map<?, ?> || value instanceof List<?>) {
      problems.add(new Problem(path(key), "must be one value"));
      return "";
    }
    return String.valueOf(value).strip();
  }

  /// A list, or one text that is split at commas.
  List<String> texts(String key, List<Problem> problems) {
    Object value = values.getOrDefault(key, "");
    List<String> texts = new ArrayList<>();
    switch (value) {
      case Map<?, ?> _ -> problems.add(new Problem(path(key), "must be a list"));
      case List<?> list -> {
        for (Object item : list) {
          if (item instanceof Map<?, ?> || item instanceof List<?>) {
            problems.add(new Problem(path(key), "must be a list of texts"));
          } else {
            texts.add(String.valueOf(item).strip());
          }
        }
      }
      case Object text when text.equals("") -> {}
      case Object text -> {
        for (String part : String.valueOf(text).split(",", -1)) {
          texts.add(part.strip());
        }
      }
    }
    return texts;
  }

  /// Whether a list was written as one text with commas.
  boolean isCut(String key) {
    return values.get(key) instanceof String text && text.indexOf(',') >= 0;
  }

  /// A whole number; null when there is none, or after adding a problem.
  @Nullable Integer number(String key, List<Problem> problems) {
    String text = text(key, problems);
    if (text.isEmpty()) {
      return null;
    }
    if (text.matches("[0-9]{1,5}")) {
      return Integer.valueOf(text);
    }
    problems.add(new Problem(path(key), Words.quote(text) + " is not a whole number"));
    return null;
  }

  /// Go's spellings of true and false.
  boolean flag(String key, List<Problem> problems) {
    String text = text(key, problems);
    if (!TRUE.contains(text) && !FALSE.contains(text)) {
      problems.add(new Problem(path(key), Words.quote(text) + " is neither true nor false"));
    }
    return TRUE.contains(text);
  }
}
