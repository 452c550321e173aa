package dev.postern.app;

/// Postern cannot start. The message is one sentence for the operator: the thing, its value and the
/// way out.
public final class StartException extends Exception {
  private static final long serialVersionUID = 1L;

  /// Makes an exception.
  ///
  /// @param message one sentence
  /// @param cause what it comes from
  public StartException(String message, Throwable cause) {
    super(message, cause);
  }

  /// Makes an exception.
  ///
  /// @param message one sentence
  public StartException(String message) {
    super(message);
  }
}
