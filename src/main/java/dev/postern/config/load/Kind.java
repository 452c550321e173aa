package dev.postern.config.load;

/// How the text of a key is read.
///
/// @param noun with its article, for messages and documentation (`a duration`)
/// @param shape what texts it takes beyond one scalar
/// @param secret whether its text may never be shown
/// @param parser from text to value
record Kind<T>(String noun, Shape shape, boolean secret, Parser<T> parser) {

  /// What a key may look like.
  enum Shape {
    /// one scalar
    SCALAR,
    /// one scalar, `true` when only the name is given
    BOOLEAN,
    /// a list, or one scalar with commas
    LIST,
    /// a section that is switched on by being named
    SWITCH
  }

  /// From text to value; the text is never empty.
  @FunctionalInterface
  interface Parser<T> {
    T parse(String text) throws BadValueException;
  }

  static <T> Kind<T> scalar(String noun, Parser<T> parser) {
    return new Kind<>(noun, Shape.SCALAR, false, parser);
  }

  /// Whether a flag without a value means `true`.
  boolean isImplied() {
    return shape == Shape.BOOLEAN || shape == Shape.SWITCH;
  }
}
