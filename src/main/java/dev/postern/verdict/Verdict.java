package dev.postern.verdict;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.postern.net.HeaderLine;
import dev.postern.net.HeaderLines;
import java.util.ArrayList;
import java.util.List;

/// What the upstream says about one forwarded request.
public sealed interface Verdict {
  /// The answer that carries the verdict.
  ///
  /// @return the answer, to be relayed unchanged
  UpstreamResponse answer();

  /// An allow with identity, to a request with a credential.
  ///
  /// @param answer the answer
  /// @param identity who it is about
  /// @param shareable whether it holds nothing meant for one request alone (`Set-Cookie`,
  ///   `Location`)
  record Allow(UpstreamResponse answer, Identity identity, boolean shareable) implements Verdict {}

  /// An allow without identity, to a request without any credential: an open path.
  ///
  /// @param answer the answer
  /// @param shareable as in [Allow]
  record AnonymousAllow(UpstreamResponse answer, boolean shareable) implements Verdict {}

  /// A redirect, to the login as a rule.
  ///
  /// @param answer the answer
  record Challenge(UpstreamResponse answer) implements Verdict {
    /// Whether an answer with this status is a challenge, unless the preset calls it an allow.
    ///
    /// @param status HTTP status
    /// @return whether it is a redirect
    public static boolean isStatus(int status) {
      return status >= 300 && status < 400;
    }
  }

  /// A refusal (401, 403).
  ///
  /// @param answer the answer
  record Deny(UpstreamResponse answer) implements Verdict {}

  /// No verdict: the upstream failed, or could not be asked.
  ///
  /// @param answer the upstream's own 5xx, or an answer that says what went wrong
  /// @param fault what went wrong
  record Unavailable(UpstreamResponse answer, Fault fault) implements Verdict {
    /// Says in the upstream's place what went wrong.
    ///
    /// @param fault what went wrong
    /// @return a verdict with a short text for people
    public static Unavailable because(Fault fault) {
      List<HeaderLine> headers = new ArrayList<>();
      headers.add(new HeaderLine("Content-Type", "text/plain; charset=utf-8"));
      headers.add(new HeaderLine("X-Content-Type-Options", "nosniff"));
      if (fault.status == 503) {
        headers.add(new HeaderLine("Retry-After", "1"));
      }
      return new Unavailable(
          new UpstreamResponse(
              fault.status, HeaderLines.of(headers), (fault.text + "\n").getBytes(US_ASCII)),
          fault);
    }
  }

  /// Anything else (400, 404, 429, an allow without identity to a credential, …).
  ///
  /// @param answer the answer
  record Other(UpstreamResponse answer) implements Verdict {}

  /// Why there is no verdict.
  enum Fault {
    /// this program failed; its log says how
    INTERNAL(500, "The check failed."),
    /// the upstream answered 5xx
    UPSTREAM_ERROR(502, "The identity provider reports an error."),
    /// no connection, or TLS failed
    CONNECT(502, "The identity provider cannot be reached."),
    /// the connection ended before the first byte of an answer
    NO_ANSWER(502, "The identity provider closed the connection without an answer."),
    /// the connection ended within the answer
    BROKEN(502, "The identity provider's answer broke off."),
    /// what came was not HTTP
    MALFORMED(502, "The identity provider's answer is not valid HTTP."),
    /// no answer in time
    TIMEOUT(504, "The identity provider did not answer in time."),
    /// no answer within the option `timeout`, which ended the call before the configured time; the
    /// upstream may be in good health
    OPTION_TIMEOUT(504, "The identity provider did not answer in the time given to it here."),
    /// the head of the response was larger than is accepted
    HEAD_TOO_LARGE(502, "The identity provider's response has too large a head."),
    /// the answer was larger than may be buffered
    TOO_LARGE(502, "The identity provider's answer is too large."),
    /// too many requests wait already
    OVERLOAD(503, "Too many requests are waiting for the identity provider. Please try again."),
    /// this client's requests on their way hold its whole share of the memory for them
    CLIENT_SHARE(503, "Too much of what your address has sent is on its way. Please try again."),
    /// a revocation came while the upstream was asked, and again when it was asked once more
    OVERTAKEN(503, "The session was changed during the check. Please try again."),
    /// this program is ending
    STOPPING(503, "The service is restarting. Please try again.");

    private final int status;
    private final String text;

    Fault(int status, String text) {
      this.status = status;
      this.text = text;
    }
  }
}
