package dev.postern.server.observe;

import dev.postern.accesslog.CompletedRequest;
import dev.postern.accesslog.CompletedRequest.Origin;
import dev.postern.accesslog.Outcome;
import dev.postern.accesslog.Route;
import dev.postern.net.ForwardedRequest;
import dev.postern.net.HeaderLines;
import dev.postern.routing.RoutedRequest;
import dev.postern.verdict.CacheStatus;
import dev.postern.verdict.Question;
import dev.postern.verdict.UpstreamResponse;
import dev.postern.verdict.Verdict;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is known about one request so far; handlers fill it in.
///
/// Not thread-safe: the handling of a request passes it from thread to thread.
public final class Report {
  private static final HeaderLines NO_LINES = HeaderLines.of(List.of());

  private final Reporting reporting;
  private final Reporting.Sources parts;
  private final long number;
  private final Instant start;
  private final long startNanos;
  private @Nullable Question question;
  private @Nullable RoutedRequest routed;
  private Outcome outcome;
  private @Nullable CacheStatus cacheStatus;
  private boolean relays;
  private boolean wasSent;
  private long upstreamStartNanos;
  private @Nullable Origin origin;

  Report(Reporting reporting, Reporting.Sources parts) {
    this.reporting = reporting;
    this.parts = parts;
    outcome = reporting.isInternal() ? Outcome.INTERNAL : Outcome.REFUSED;
    number = parts.numbers().incrementAndGet();
    start = parts.wallClock().instant();
    startNanos = parts.ticker().getAsLong();
  }

  /// A forward-auth request has been parsed.
  ///
  /// @param question the parts that the verdict depends on
  /// @param routed the same request in the form that rules match
  public void parsed(Question question, RoutedRequest routed) {
    this.question = question;
    this.routed = routed;
  }

  /// No entry answers the request: until [#fromCache] or [#decided] is called, the request counts
  /// as undecided.
  public void checking() {
    outcome = Outcome.ABORTED;
    upstreamStartNanos = now();
  }

  /// The response comes from an entry.
  ///
  /// @param status where the entry came from
  public void fromCache(CacheStatus status) {
    cacheStatus = status;
    Question asks = question;
    boolean anonymous = asks != null && asks.credential().isEmpty();
    outcome = anonymous ? Outcome.ANONYMOUS_ALLOW : Outcome.ALLOW;
  }

  /// The response is the upstream's verdict on this request.
  ///
  /// @param status where the verdict came from
  public void decided(Verdict verdict, CacheStatus status) {
    cacheStatus = status;
    outcome = outcome(verdict);
    if (!wasNotSent(verdict)) {
      UpstreamResponse answer = verdict.response();
      long nanos = now() - upstreamStartNanos;
      origin = new Origin(answer.status(), answer.body().length, nanos, answer.headers());
    }
  }

  /// The upstream's response will be relayed as a stream.
  public void relaying() {
    relays = true;
    outcome = Outcome.ABORTED;
  }

  /// A relayed request has a slot and is being sent to the upstream.
  public void sending() {
    wasSent = true;
    upstreamStartNanos = now();
  }

  /// The head of a relayed response has arrived.
  public void answered(int status, HeaderLines headers) {
    origin = new Origin(status, 0, 0, headers);
  }

  /// The request is over.
  public void completed(Received received, Ended ended) {
    parts.listener().completed(request(received, ended));
  }

  private CompletedRequest request(Received received, Ended ended) {
    long end = now();
    int status = ended.status() == 0 ? CompletedRequest.CLIENT_CLOSED_REQUEST : ended.status();
    CompletedRequest.Sent sent =
        new CompletedRequest.Sent(status, ended.bytesSent(), ended.headers());
    boolean trusted = reporting.trusts(received.peer());
    Question forward = question;
    ForwardedRequest request = forward == null ? received.request(trusted) : forward.request();
    return new CompletedRequest(
        number,
        new CompletedRequest.Timing(start, startNanos, end - startNanos),
        received.connection(reporting.entryPoint()),
        request,
        received.client(trusted),
        ended.bytesReceived(),
        sent,
        relays ? relayed(sent, end) : origin,
        finding(request, sent));
  }

  private CompletedRequest.Finding finding(ForwardedRequest request, CompletedRequest.Sent sent) {
    Outcome ended = relays ? relayedOutcome(sent) : outcome;
    boolean allowed = ended == Outcome.ALLOW || ended == Outcome.ANONYMOUS_ALLOW;
    return new CompletedRequest.Finding(
        ended,
        relays && question != null ? CacheStatus.BYPASS : cacheStatus,
        question == null ? null : question.application().name(),
        route(request),
        allowed ? sent.headers().first(parts.userHeader()) : null);
  }

  private @Nullable Route route(ForwardedRequest request) {
    if (reporting.isInternal()) {
      return InternalRoutes.find(request);
    }
    if (question == null && !relays) {
      return null;
    }
    return parts.routes().find(routed == null ? new RoutedRequest(request) : routed);
  }

  /// A relay does not count the upstream's bytes, because all of them are sent on.
  private @Nullable Origin relayed(CompletedRequest.Sent sent, long end) {
    if (!wasSent) {
      return null;
    }
    Origin head = origin;
    return new Origin(
        head == null ? sent.status() : head.status(),
        sent.bytes(),
        end - upstreamStartNanos,
        head == null ? NO_LINES : head.headers());
  }

  private Outcome relayedOutcome(CompletedRequest.Sent sent) {
    if (sent.status() == CompletedRequest.CLIENT_CLOSED_REQUEST) {
      return Outcome.ABORTED;
    }
    if (origin == null || sent.status() >= 500) {
      return Outcome.UNAVAILABLE;
    }
    Question forward = question;
    if (forward == null) {
      return Outcome.OUTPOST;
    }
    boolean anonymous = forward.credential().isEmpty();
    return switch (sent.status() / 100) {
      case 2 -> anonymous ? Outcome.ANONYMOUS_ALLOW : Outcome.ALLOW;
      case 3 -> Outcome.CHALLENGE;
      case 4 -> sent.status() == 401 || sent.status() == 403 ? Outcome.DENY : Outcome.OTHER;
      default -> Outcome.OTHER;
    };
  }

  private static Outcome outcome(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Allow _ -> Outcome.ALLOW;
      case Verdict.AnonymousAllow _ -> Outcome.ANONYMOUS_ALLOW;
      case Verdict.Challenge _ -> Outcome.CHALLENGE;
      case Verdict.Deny _ -> Outcome.DENY;
      case Verdict.Unavailable _ -> Outcome.UNAVAILABLE;
      case Verdict.Other _ -> Outcome.OTHER;
    };
  }

  /// Whether the upstream was not called, because there was no slot for the check.
  private static boolean wasNotSent(Verdict verdict) {
    return verdict instanceof Verdict.Unavailable unavailable
        && switch (unavailable.fault()) {
          case OVERLOAD, CLIENT_SHARE, STOPPING -> true;
          case INTERNAL,
              UPSTREAM_ERROR,
              CONNECT,
              NO_ANSWER,
              BROKEN,
              MALFORMED,
              TIMEOUT,
              OPTION_TIMEOUT,
              HEAD_TOO_LARGE,
              TOO_LARGE,
              OVERTAKEN ->
              false;
        };
  }

  private long now() {
    return parts.ticker().getAsLong();
  }
}
