package dev.postern.testing.upstream;

/// What can be wrong with an upstream.
public enum Fault {
  /// no fault
  NONE,
  /// closes the connection instead of answering
  CLOSE_BEFORE_ANSWER,
  /// says nothing until the fault ends, then closes
  HANG,
  /// announces 1,000 bytes of body, sends 10 and closes
  TRUNCATED_BODY,
  /// sends more body than it announced and closes
  WRONG_LENGTH,
  /// answers with bytes that are no HTTP
  GARBAGE,
  /// answers `503` with `Retry-After: 5`
  UNAVAILABLE,
  /// sends the right answer in many small pieces
  SLOW
}
