package dev.postern.accesslog;

/// How a request ended, in the words of the verdict where there was one.
public enum Outcome {
  /// allowed, with an identity
  ALLOW("allow"),
  /// allowed, without identity
  ANONYMOUS_ALLOW("anonymous-allow"),
  /// redirected, to the login as a rule
  CHALLENGE("challenge"),
  /// refused by the upstream
  DENY("deny"),
  /// no verdict, because the upstream failed or could not be asked
  UNAVAILABLE("unavailable"),
  /// any other answer of the upstream
  OTHER("other"),
  /// an outpost path that was relayed
  OUTPOST("outpost"),
  /// answered by this program in its own name
  REFUSED("refused"),
  /// a request to the admin entry point
  INTERNAL("internal"),
  /// the client went before anything was decided
  ABORTED("aborted");

  private final String text;

  Outcome(String text) {
    this.text = text;
  }

  /// The name that logs and metrics show.
  ///
  /// @return lower-case name
  public String text() {
    return text;
  }
}
