package dev.postern.feeds;

/// A connection that does not come about or has ended. The message is for the operator: the reason
/// and, where there is one, the way out.
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
