package dev.postern;

/// Postern cannot start. The message is one sentence for the operator: the thing, its value and the
/// way out.
final class StartException extends Exception {
  private static final long serialVersionUID = 1L;

  StartException(String message, Throwable cause) {
    super(message, cause);
  }

  StartException(String message) {
    super(message);
  }
}
