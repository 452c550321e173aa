package dev.postern.config.load;

import dev.postern.config.EffectiveSettings;
import dev.postern.config.EffectiveSettings.Value;
import dev.postern.config.Problem;
import dev.postern.config.Secret;
import dev.postern.config.key.BadValueException;
import dev.postern.config.key.Key;
import dev.postern.config.key.Kind;
import dev.postern.config.key.Kinds;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What all layers say, a later one over an earlier, and the problems met while reading them.
final class Settings {
  private final Map<Key<?>, Setting> byKey = new LinkedHashMap<>();
  private final Map<String, Value> effective = new LinkedHashMap<>();
  private final Set<Problem> problems = new LinkedHashSet<>();
  private boolean isComplete = true;

  /// Takes what a layer says about a key; an empty text says nothing.
  void put(Key<?> key, Setting setting) {
    if (setting.isList() && key.kind().shape() != Kind.Shape.LIST) {
      problem(setting.where(), "must be " + key.kind().noun() + ", not a list");
    } else if (!setting.text().isBlank()) {
      byKey.put(key, setting);
    }
  }

  void problem(String where, String message) {
    problems.add(new Problem(where, message));
  }

  /// Reports a layer that could not be read to its end, so that what is missing may stand in the
  /// rest.
  void incomplete(String where, String message) {
    problem(where, message);
    isComplete = false;
  }

  /// Reports that a key is missing, unless it may stand in what could not be read.
  void missing(String where, String message) {
    if (isComplete) {
      problem(where, message);
    }
  }

  List<Problem> problems() {
    return List.copyOf(problems);
  }

  @Nullable Setting setting(Key<?> key) {
    return byKey.get(key);
  }

  /// Where a key was set, or its name.
  String where(Key<?> key) {
    Setting setting = setting(key);
    return setting == null ? key.name() : setting.where();
  }

  /// The value of a key that has a default.
  <T> T get(Key<T> key) {
    T value = find(key);
    if (value != null) {
      return value;
    }
    T standard = key.defaultValue();
    note(key, standard);
    return standard;
  }

  /// The value of a key that must be set; a stand-in and a problem when it is not.
  <T> T require(Key<T> key) {
    T value = find(key);
    if (value == null && setting(key) == null) {
      missing(key.name(), "is missing; write for example " + key.example());
    }
    return value != null ? value : key.exampleValue();
  }

  /// The value of a key, or null when it is not set or wrong, which then is a problem.
  <T> @Nullable T find(Key<T> key) {
    Setting setting = setting(key);
    if (setting == null) {
      return null;
    }
    try {
      T value = key.parse(setting.text());
      note(key, value);
      return value;
    } catch (BadValueException e) {
      problem(setting.where(), e.sentence());
      return null;
    }
  }

  /// Notes what is in effect for a key; a switch is seen by the keys of its section.
  private void note(Key<?> key, Object value) {
    if (key.kind() != Kinds.SWITCH) {
      note(key, EffectiveText.of(value), value);
    }
  }

  /// Notes what is in effect for a key whose default depends on something else.
  void note(Key<?> key, String text, Object value) {
    effective.put(key.name(), new Value(text, value));
  }

  /// What was read until now, and what is in effect where nothing was written.
  EffectiveSettings effective() {
    return new EffectiveSettings(effective);
  }

  /// The elements of a list, none when it is not set.
  List<String> list(Key<List<String>> key) {
    List<String> value = find(key);
    return value == null ? List.of() : value;
  }

  /// What is said in place of a key that stands for many.
  ///
  /// @return each name that was used, as it is written, with the key that it makes
  <T> Map<String, Key<T>> each(Key<T> open) {
    String section = open.name().substring(0, open.name().lastIndexOf('.') + 1);
    var each = new LinkedHashMap<String, Key<T>>();
    for (Key<?> key : byKey.keySet()) {
      if (key.name().startsWith(section)) {
        String last = key.name().substring(section.length());
        each.put(last, open.named(last));
      }
    }
    return each;
  }

  /// Whether a section that is on when named is on: by its own switch, else by any key in it.
  boolean isOn(Key<Boolean> section) {
    Boolean on = find(section);
    return on != null ? on : byKey.keySet().stream().anyMatch(key -> key.isIn(section.name()));
  }

  /// The value of a secret, from its key or from the file that another key names; a problem when
  /// both are set.
  @Nullable Secret secret(Key<Secret> key, Key<Secret> fileKey) {
    Secret value = find(key);
    Secret fromFile = find(fileKey);
    if (setting(key) != null && setting(fileKey) != null) {
      problem(where(fileKey), "is set beside " + where(key) + "; remove one of the two");
    }
    return value != null ? value : fromFile;
  }

  /// The value of a secret that must be set; a stand-in and a problem when it is not.
  Secret requireSecret(Key<Secret> key, Key<Secret> fileKey) {
    Secret value = secret(key, fileKey);
    if (value == null && setting(key) == null && setting(fileKey) == null) {
      missing(key.name(), "is missing; write it, or its file to " + fileKey.name());
    }
    return value == null ? new Secret("") : value;
  }

  /// Reports one of two keys that stands without the other.
  void together(Key<Path> one, Key<Path> other) {
    missingPartner(one, other);
    missingPartner(other, one);
  }

  private void missingPartner(Key<Path> set, Key<Path> missing) {
    if (setting(set) != null && setting(missing) == null) {
      missing(where(set), "needs " + missing.name() + " beside it");
    }
  }
}
