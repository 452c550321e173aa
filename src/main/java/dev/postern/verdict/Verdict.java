package dev.postern.verdict;

/// What the upstream says about one forwarded request.
public sealed interface Verdict {
  /// The answer that carries the verdict.
  ///
  /// @return the answer, to be relayed unchanged
  Answer answer();

  /// An allow with identity, to a request with a credential.
  ///
  /// @param answer the answer
  /// @param identity who it is about
  /// @param shareable whether it holds nothing meant for one request alone (`Set-Cookie`,
  ///     `Location`)
  record Allow(Answer answer, Identity identity, boolean shareable) implements Verdict {}

  /// An allow without identity, to a request without any credential: an open path.
  ///
  /// @param answer the answer
  /// @param shareable as in [Allow]
  record AnonymousAllow(Answer answer, boolean shareable) implements Verdict {}

  /// A redirect, to the login as a rule.
  ///
  /// @param answer the answer
  record Challenge(Answer answer) implements Verdict {}

  /// A refusal (401, 403).
  ///
  /// @param answer the answer
  record Deny(Answer answer) implements Verdict {}

  /// No verdict: the upstream failed, or could not be asked.
  ///
  /// @param answer the upstream's own 5xx, or an answer that says what went wrong
  /// @param fault what went wrong
  record Unavailable(Answer answer, Fault fault) implements Verdict {}

  /// Anything else (400, 404, 429, an allow without identity to a credential, …).
  ///
  /// @param answer the answer
  record Other(Answer answer) implements Verdict {}

  /// Why there is no verdict.
  enum Fault {
    /// the upstream answered 5xx
    UPSTREAM_ERROR,
    /// no connection, or TLS failed
    CONNECT,
    /// the connection broke or what came was not HTTP
    BROKEN,
    /// no answer in time
    TIMEOUT,
    /// the answer was larger than may be buffered
    TOO_LARGE,
    /// too many requests wait already
    OVERLOAD,
    /// this program is ending
    STOPPING
  }
}
