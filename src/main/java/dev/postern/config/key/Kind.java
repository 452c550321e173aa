package dev.postern.config.key;

/// How the text of a key is read.
///
/// @param noun with its article, for messages and documentation (`a duration`)
/// @param shape what texts it takes beyond one scalar
/// @param secret whether its text may never be shown
/// @param parser from text to value
public record Kind<T>(String noun, Shape shape, boolean secret, Parser<T> parser) {

  /// What a key may look like.
  public enum Shape {
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
  ///
  /// @param <T> type of the value
  @FunctionalInterface
  public interface Parser<T> {
    /// Reads a value.
    ///
    /// @throws BadValueException when the text is none
    T parse(String text) throws BadValueException;
  }

  /// A kind that is one scalar and may be shown.
  public static <T> Kind<T> scalar(String noun, Parser<T> parser) {
    return new Kind<>(noun, Shape.SCALAR, false, parser);
  }

  /// Whether a flag without a value means `true`.
  public boolean isImplied() {
    return shape == Shape.BOOLEAN || shape == Shape.SWITCH;
  }
}
