package dev.postern.testing.upstream;

/// Faults of an upstream.
public enum Fault {
  /// no fault
  NONE,
  /// closes the connection instead of responding
  CLOSE_BEFORE_ANSWER,
  /// sends nothing until the fault ends, then closes
  HANG,
  /// announces 1,000 bytes of body, sends 10 and closes
  TRUNCATED_BODY,
  /// sends more body than it announced and closes
  WRONG_LENGTH,
  /// responds with bytes that are not HTTP
  GARBAGE,
  /// responds `503` with `Retry-After: 5`
  UNAVAILABLE,
  /// sends the right response in many small pieces
  SLOW
}
