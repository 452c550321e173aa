package dev.postern.accesslog;

/// How a request ended: its verdict, or what happened without one.
public enum Outcome {
  /// allowed, with an identity
  ALLOW("allow"),
  /// allowed, without identity
  ANONYMOUS_ALLOW("anonymous-allow"),
  /// redirected, usually to the login
  CHALLENGE("challenge"),
  /// refused by the upstream
  DENY("deny"),
  /// no verdict, because the upstream failed or could not be called
  UNAVAILABLE("unavailable"),
  /// any other response of the upstream
  OTHER("other"),
  /// an outpost path that was relayed
  OUTPOST("outpost"),
  /// answered by Postern itself with an error
  REFUSED("refused"),
  /// a request to the admin entry point
  INTERNAL("internal"),
  /// the client left before a decision
  ABORTED("aborted");

  private final String text;

  Outcome(String text) {
    this.text = text;
  }

  /// The name in logs and metrics, in lower case.
  public String text() {
    return text;
  }
}
