package dev.postern.feeds;

/// A connection failed or has ended. The message is for the operator: the reason and, if known, the
/// fix.
final class ConnectionLost extends Exception {
  private static final long serialVersionUID = 1L;

  ConnectionLost(String reason) {
    super(reason);
  }

  ConnectionLost(String reason, Throwable cause) {
    super(reason, cause);
  }

  String reason() {
    return String.valueOf(getMessage());
  }
}
