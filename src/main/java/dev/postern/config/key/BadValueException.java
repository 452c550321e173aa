package dev.postern.config.key;

/// A text that is not a value of its key. The message is complete: value, rule and way out; for a
/// secret it has no value.
public final class BadValueException extends Exception {
  private static final long serialVersionUID = 1L;

  BadValueException(String message) {
    super(message);
  }

  /// The message as a sentence about the text.
  static BadValueException of(String text, String rest) {
    return new BadValueException(Words.quote(text) + " " + rest);
  }

  /// The message.
  public String sentence() {
    return String.valueOf(getMessage());
  }
}
