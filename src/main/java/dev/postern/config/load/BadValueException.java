package dev.postern.config.load;

/// A text that is not a value of its key. The message is complete: value, rule and way out; for a
/// secret it has no value.
final class BadValueException extends Exception {
  private static final long serialVersionUID = 1L;

  BadValueException(String message) {
    super(message);
  }

  /// The message as a sentence about the text.
  static BadValueException of(String text, String rest) {
    return new BadValueException(Words.quote(text) + " " + rest);
  }

  String sentence() {
    return String.valueOf(getMessage());
  }
}
