package dev.postern.config.dynamic.schema;

/// The type of a key's value.
sealed interface ValueType {
  /// One scalar.
  record One(ScalarKind kind) implements ValueType {}

  /// A list of values of one type.
  record ListOf(ValueType element) implements ValueType {}

  /// A section with arbitrary keys whose values have one type.
  record Named(ValueType element) implements ValueType {}

  /// A section with known keys.
  ///
  /// @param name its name in the schema
  /// @param mayBeEmpty whether it may have no keys
  record Keys(String name, boolean mayBeEmpty) implements ValueType {}

  /// Plugins by name, each with arbitrary content.
  record Plugins() implements ValueType {}

  /// Any value; it has no effect.
  record Ignored() implements ValueType {}

  /// Scalar types.
  enum ScalarKind {
    /// any text
    TEXT,
    /// Go's spellings of true and false
    BOOL,
    /// a whole number of 64 bits
    INT,
    /// a Go duration, or seconds
    DURATION
  }
}
