package dev.postern.verdict;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.postern.net.HeaderLine;
import dev.postern.net.HeaderLines;
import java.util.ArrayList;
import java.util.List;

/// The upstream's decision about one forwarded request.
public sealed interface Verdict {
  /// The response that carries the verdict, to be relayed unchanged.
  UpstreamResponse response();

  /// An allow with identity, for a request with a credential.
  ///
  /// @param shareable whether the response holds nothing meant for one request alone (`Set-Cookie`,
  ///   `Location`)
  record Allow(UpstreamResponse response, Identity identity, boolean shareable)
      implements Verdict {}

  /// An allow without identity, for a request without any credential: an open path.
  ///
  /// @param shareable as in [Allow]
  record AnonymousAllow(UpstreamResponse response, boolean shareable) implements Verdict {}

  /// A redirect, usually to the login.
  record Challenge(UpstreamResponse response) implements Verdict {
    /// Whether a response with this status is a challenge, unless the preset defines it as an
    /// allow.
    public static boolean isStatus(int status) {
      return status >= 300 && status < 400;
    }
  }

  /// A refusal (401, 403).
  record Deny(UpstreamResponse response) implements Verdict {}

  /// No verdict: the upstream failed or could not be called.
  ///
  /// @param response the upstream's own 5xx, or a response that describes the fault
  /// @param fault what went wrong
  record Unavailable(UpstreamResponse response, Fault fault) implements Verdict {
    /// Makes a response that describes a fault, with a short text for people.
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

  /// Any other response (400, 404, 429, an allow without identity for a credential, …).
  record Other(UpstreamResponse response) implements Verdict {}

  /// Why there is no verdict.
  enum Fault {
    /// Postern failed; its log has the details
    INTERNAL(500, "The check failed."),
    /// the upstream answered 5xx
    UPSTREAM_ERROR(502, "The identity provider reports an error."),
    /// no connection, or TLS failed
    CONNECT(502, "The identity provider cannot be reached."),
    /// the connection ended before the first byte of a response
    NO_ANSWER(502, "The identity provider closed the connection without a response."),
    /// the connection ended within the response
    BROKEN(502, "The identity provider's response is incomplete."),
    /// the response was not HTTP
    MALFORMED(502, "The identity provider's response is not valid HTTP."),
    /// no response in time
    TIMEOUT(504, "The identity provider did not answer in time."),
    /// no response within the option `timeout`, which is shorter than the configured time; the
    /// upstream may be healthy
    OPTION_TIMEOUT(504, "The identity provider did not answer within the time limit set here."),
    /// the head of the response exceeds the limit
    HEAD_TOO_LARGE(502, "The identity provider's response headers are too large."),
    /// the response exceeds the buffer limit
    TOO_LARGE(502, "The identity provider's response is too large."),
    /// too many requests are queued
    OVERLOAD(503, "Too many requests are waiting for the identity provider. Please try again."),
    /// this client's requests in flight use its whole share of memory
    CLIENT_SHARE(
        503, "The requests of your address in progress use too much memory. Please try again."),
    /// a revocation came during the check, and again during the repeated check
    OVERTAKEN(503, "The session was changed during the check. Please try again."),
    /// Postern is stopping
    STOPPING(503, "The service is restarting. Please try again.");

    private final int status;
    private final String text;

    Fault(int status, String text) {
      this.status = status;
      this.text = text;
    }
  }
}
