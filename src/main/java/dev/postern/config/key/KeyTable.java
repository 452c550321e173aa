package dev.postern.config.key;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// All keys of one kind of configuration, and what is said about names that are none.
public final class KeyTable {
  private final List<Key<?>> keys;
  private final Map<String, Key<?>> byLowerName = new LinkedHashMap<>();
  private final Map<String, String> sectionByLowerName = new LinkedHashMap<>();

  /// A table of the given keys, in the order of their documentation.
  public KeyTable(List<Key<?>> keys) {
    this.keys = List.copyOf(keys);
    for (Key<?> key : keys) {
      byLowerName.put(Words.lower(key.name()), key);
      for (int dot = key.name().indexOf('.'); dot > 0; dot = key.name().indexOf('.', dot + 1)) {
        String section = key.name().substring(0, dot);
        sectionByLowerName.put(Words.lower(section), section);
      }
    }
  }

  /// All keys.
  public List<Key<?>> keys() {
    return keys;
  }

  /// The key of that name in any case, or null when there is none.
  public @Nullable Key<?> key(String name) {
    return byLowerName.get(Words.lower(name));
  }

  /// The usual spelling of a section, or null when there is none of that name.
  public @Nullable String section(String name) {
    return sectionByLowerName.get(Words.lower(name));
  }

  /// What is said about an unknown name: the one that was probably meant, else what is known there.
  public String unknown(String name) {
    var names = new LinkedHashSet<>(sectionByLowerName.values());
    keys.forEach(key -> names.add(key.name()));
    Optional<String> meant = Words.nearest(name, names);
    if (meant.isPresent()) {
      return "is not a known key; did you mean " + meant.get() + "?";
    }
    int dot = name.lastIndexOf('.');
    String section = dot < 0 ? null : section(name.substring(0, dot));
    return "is not a known key; known "
        + (section == null ? "at the top" : "in " + section)
        + ": "
        + String.join(", ", childrenOf(section));
  }

  /// What is said about a section that holds a plain value.
  public String notASection(String section) {
    return "is a section; write one of its keys: " + String.join(", ", childrenOf(section));
  }

  private Set<String> childrenOf(@Nullable String section) {
    String prefix = section == null ? "" : section + ".";
    return keys.stream()
        .map(Key::name)
        .filter(name -> name.startsWith(prefix))
        .map(name -> name.substring(prefix.length()).split("\\.", 2)[0])
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }
}
