package dev.postern.config.key;

/// A text that is not valid for its key. The message contains the value, the rule and the fix; for
/// a secret, not the value.
public final class BadValueException extends Exception {
  private static final long serialVersionUID = 1L;

  BadValueException(String message) {
    super(message);
  }

  static BadValueException of(String text, String rest) {
    return new BadValueException(Words.quote(text) + " " + rest);
  }

  public String sentence() {
    return String.valueOf(getMessage());
  }
}
