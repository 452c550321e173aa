package dev.postern.config.key;

import java.util.Locale;
import java.util.function.Predicate;

/// One key of the configuration.
///
/// @param name dotted name in the spelling of the documentation; compared ignoring case
/// @param kind how its text is parsed
/// @param standard the default as text, or empty
/// @param bounds which values are allowed
/// @param example an example value for the documentation if there is no default
/// @param help one line: meaning and unit
public record Key<T>(
    String name, Kind<T> kind, String standard, Bounds<T> bounds, String example, String help) {

  /// Which values are allowed.
  ///
  /// @param words the rule, as it follows "must be"; empty when every value is allowed
  /// @param holds the rule itself
  public record Bounds<T>(String words, Predicate<T> holds) {}

  /// A key that accepts every value of its kind.
  public static <T> Key<T> of(String name, Kind<T> kind, String standard, String help) {
    return new Key<>(name, kind, standard, new Bounds<>("", _ -> true), "", help);
  }

  /// The same key with bounds.
  ///
  /// @param words the rule, as it follows "must be"
  /// @param holds the rule itself
  public Key<T> must(String words, Predicate<T> holds) {
    return new Key<>(name, kind, standard, new Bounds<>(words, holds), example, help);
  }

  /// The same key with an example.
  public Key<T> example(String text) {
    return new Key<>(name, kind, standard, bounds, text, help);
  }

  /// Parses a value.
  ///
  /// @param text not empty
  /// @throws BadValueException if it is not a valid value of this key
  public T parse(String text) throws BadValueException {
    T value = kind.parser().parse(text);
    if (!bounds.holds().test(value)) {
      throw new BadValueException("must be " + bounds.words() + ", but is " + text);
    }
    return value;
  }

  /// The default; only for keys that have one.
  public T defaultValue() {
    return known(standard);
  }

  /// A placeholder for a required value that is missing, so that other checks can continue.
  public T exampleValue() {
    return known(example);
  }

  private T known(String text) {
    try {
      return parse(text);
    } catch (BadValueException e) {
      throw new IllegalStateException("the table's own text for " + name + " is wrong", e);
    }
  }

  /// The environment variable that sets it, `POSTERN_CACHE_TTL`.
  public String environmentName() {
    return "POSTERN_" + name.toUpperCase(Locale.ROOT).replace('.', '_');
  }

  /// The flag that sets it, `--cache.ttl`.
  public String flag() {
    return "--" + name;
  }

  /// Whether the last part of its name is free, see [KeyTable#ANY_NAME].
  public boolean isOpen() {
    return name.endsWith(KeyTable.ANY_NAME);
  }

  /// A concrete key of an open one.
  ///
  /// @param last the last part of its name
  public Key<T> named(String last) {
    String section = name.substring(0, name.length() - KeyTable.ANY_NAME.length());
    return new Key<>(section + "." + last, kind, standard, bounds, example, help);
  }

  /// Whether the key is the given section or inside it.
  public boolean isIn(String section) {
    return name.equals(section) || name.startsWith(section + ".");
  }
}
