package dev.postern.config.key;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// All keys of one kind of configuration, and the messages for unknown names.
///
/// A key that ends in [#ANY_NAME] stands for all keys of its section, whatever their names.
public final class KeyTable {
  /// The last part of the name of such a key.
  public static final String ANY_NAME = ".<name>";

  private final List<Key<?>> keys;
  private final Map<String, String> refused;
  private final Map<String, Key<?>> byLowerName = new LinkedHashMap<>();
  private final Map<String, String> sectionByLowerName = new LinkedHashMap<>();

  /// A table of the given keys.
  ///
  /// @param keys the keys, in the order of their documentation
  /// @param refused keys and sections that other programs know, with the message for each
  public KeyTable(List<Key<?>> keys, Map<String, String> refused) {
    this.keys = List.copyOf(keys);
    this.refused = Map.copyOf(refused);
    for (Key<?> key : keys) {
      byLowerName.put(Words.lower(key.name()), key);
      for (int dot = key.name().indexOf('.'); dot > 0; dot = key.name().indexOf('.', dot + 1)) {
        String section = key.name().substring(0, dot);
        sectionByLowerName.put(Words.lower(section), section);
      }
    }
  }

  public List<Key<?>> keys() {
    return keys;
  }

  /// The key with that name in any case, or null when there is none.
  public @Nullable Key<?> key(String name) {
    String lower = Words.lower(name);
    Key<?> key = byLowerName.get(lower);
    return key != null ? key : oneOfMany(name, Key::name);
  }

  /// The key of an environment variable, or null when there is none.
  public @Nullable Key<?> ofVariable(String variable) {
    String lower = Words.lower(variable);
    for (Key<?> key : keys) {
      if (Words.lower(key.environmentName()).equals(lower)) {
        return key;
      }
    }
    return oneOfMany(lower, Key::environmentName);
  }

  private @Nullable Key<?> oneOfMany(String name, Function<Key<?>, String> spelling) {
    String lower = Words.lower(name);
    for (Key<?> key : keys) {
      int begin = spelling.apply(key).length() - ANY_NAME.length() + 1;
      if (key.isOpen()
          && name.length() > begin
          && lower.startsWith(Words.lower(spelling.apply(key).substring(0, begin)))) {
        return key.named(name.substring(begin));
      }
    }
    return null;
  }

  /// The usual spelling of a section, or null when there is none of that name.
  public @Nullable String section(String name) {
    return sectionByLowerName.get(Words.lower(name));
  }

  /// The message for an unknown name: suggests the probable key, otherwise lists the known ones.
  public String unknown(String name) {
    String refusal = refusal(name);
    if (refusal != null) {
      return refusal;
    }
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

  /// The message for a name that other programs know and Postern refuses, or null.
  public @Nullable String refusal(String name) {
    String lower = Words.lower(name);
    for (var entry : refused.entrySet()) {
      String known = Words.lower(entry.getKey());
      if (lower.equals(known) || lower.startsWith(known + ".")) {
        return entry.getValue();
      }
    }
    return null;
  }

  /// The message for a section that has a plain value.
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
