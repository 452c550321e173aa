package dev.postern.config.dynamic.schema;

/// What the value of a key must be.
sealed interface ValueType {
  /// One scalar.
  ///
  /// @param kind what its text must be
  record One(ScalarKind kind) implements ValueType {}

  /// A list.
  ///
  /// @param element what each element must be
  record ListOf(ValueType element) implements ValueType {}

  /// A section of freely chosen names.
  ///
  /// @param element what the value of each must be
  record Named(ValueType element) implements ValueType {}

  /// A section of known keys.
  ///
  /// @param name its name in the schema
  /// @param mayBeEmpty whether it may stand without keys
  record Keys(String name, boolean mayBeEmpty) implements ValueType {}

  /// Plugins by name, each with whatever it likes.
  record Plugins() implements ValueType {}

  /// Anything, without meaning.
  record Ignored() implements ValueType {}

  /// The kinds of scalars.
  enum ScalarKind {
    /// any text
    TEXT,
    /// Go's spellings of true and false
    BOOL,
    /// a whole number of 64 bits
    INT,
    /// a duration of Go, or seconds
    DURATION
  }
}
