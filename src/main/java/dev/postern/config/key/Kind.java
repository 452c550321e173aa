package dev.postern.config.key;

/// How the text of a key is parsed.
///
/// @param noun with its article, for messages and documentation (`a duration`)
/// @param shape what forms besides one scalar it accepts
/// @param secret whether its text must never be shown
/// @param parser converts text to a value
public record Kind<T>(String noun, Shape shape, boolean secret, Parser<T> parser) {

  /// Forms that a value can have.
  public enum Shape {
    /// one scalar
    SCALAR,
    /// one scalar; the name alone means `true`
    BOOLEAN,
    /// a list, or one scalar with commas
    LIST,
    /// a section that is enabled by naming it
    SWITCH
  }

  /// Converts text, which is never empty, to a value.
  @FunctionalInterface
  public interface Parser<T> {
    /// Parses a text.
    ///
    /// @throws BadValueException if the text is not a valid value
    T parse(String text) throws BadValueException;
  }

  /// A kind that is one scalar and not secret.
  public static <T> Kind<T> scalar(String noun, Parser<T> parser) {
    return new Kind<>(noun, Shape.SCALAR, false, parser);
  }

  /// Whether a flag without a value means `true`.
  public boolean isImplied() {
    return shape == Shape.BOOLEAN || shape == Shape.SWITCH;
  }
}
