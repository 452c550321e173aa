package dev.postern.config.load;

import dev.postern.config.EffectiveSettings;
import dev.postern.config.EffectiveSettings.Value;
import dev.postern.config.Problem;
import dev.postern.config.Secret;
import dev.postern.config.key.BadValueException;
import dev.postern.config.key.Key;
import dev.postern.config.key.Kind;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The merged values of all layers, later ones overriding earlier ones, and the problems found
/// while reading them.
final class Settings {
  private final Map<Key<?>, Setting> byKey = new LinkedHashMap<>();
  private final Map<String, Value> effective = new LinkedHashMap<>();
  private final Set<Problem> problems = new LinkedHashSet<>();
  private boolean isComplete = true;

  /// Sets a layer's value of a key; an empty text counts as absent.
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

  /// Reports a layer that could not be read completely. Missing keys are then not reported, because
  /// they may be in the unread part.
  void incomplete(String where, String message) {
    problem(where, message);
    isComplete = false;
  }

  /// Reports a missing key, unless it may be in an unread part (see [#incomplete]).
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

  /// The place where a key was set, or its name if it was not.
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

  /// The value of a required key; adds a problem and returns an example value when it is missing.
  <T> T require(Key<T> key) {
    T value = find(key);
    if (value == null && setting(key) == null) {
      missing(key.name(), "is missing; write for example " + key.example());
    }
    return value != null ? value : key.exampleValue();
  }

  /// The value of a key; null when it is not set, or invalid (which adds a problem).
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
    if (key.kind().shape() != Kind.Shape.SWITCH) {
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

  /// The elements of a list; empty when it is not set.
  List<String> list(Key<List<String>> key) {
    List<String> value = find(key);
    return value == null ? List.of() : value;
  }

  /// The keys set in a section whose last part is free ([KeyTable#ANY_NAME]).
  ///
  /// @return each name as written, with the key for it
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

  /// Whether a [Kind.Shape#SWITCH] section is on: by its own value, otherwise if any key in it is
  /// set.
  boolean isOn(Key<Boolean> section) {
    Boolean on = find(section);
    return on != null ? on : byKey.keySet().stream().anyMatch(key -> key.isIn(section.name()));
  }

  /// The value of a secret, from its key or from the file that the other key names; adds a problem
  /// when both are set.
  @Nullable Secret secret(Key<Secret> key, Key<Secret> fileKey) {
    Secret value = find(key);
    Secret fromFile = find(fileKey);
    if (setting(key) != null && setting(fileKey) != null) {
      problem(where(fileKey), "is set beside " + where(key) + "; remove one of the two");
    }
    return value != null ? value : fromFile;
  }

  /// The value of a required secret; adds a problem and returns an example value when it is
  /// missing.
  Secret requireSecret(Key<Secret> key, Key<Secret> fileKey) {
    Secret value = secret(key, fileKey);
    if (value == null && setting(key) == null && setting(fileKey) == null) {
      missing(key.name(), "is missing; write it, or its file to " + fileKey.name());
    }
    return value == null ? new Secret("") : value;
  }

  /// Reports a key that is set without the other one that it needs.
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
