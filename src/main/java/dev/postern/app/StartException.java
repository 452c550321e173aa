package dev.postern.app;

/// Postern cannot start. The message is one sentence for the operator: the cause, the value and the
/// fix.
public final class StartException extends Exception {
  private static final long serialVersionUID = 1L;

  /// @param message one sentence for the operator
  public StartException(String message, Throwable cause) {
    super(message, cause);
  }

  /// @param message one sentence for the operator
  public StartException(String message) {
    super(message);
  }
}
