package dev.postern.rules.regexp;

/// A pattern that cannot be used.
public final class GoRegexpException extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean unsupported;
  private final String message;

  GoRegexpException(String message, boolean unsupported) {
    super(message, null, false, false);
    this.unsupported = unsupported;
    this.message = message;
  }

  /// Returns what is wrong with the pattern, without the pattern.
  public String message() {
    return message;
  }

  /// Returns true if Go accepts the pattern but this implementation cannot run it; false if Go
  /// rejects it as well.
  public boolean isUnsupported() {
    return unsupported;
  }
}
