package dev.postern.server.report;

import dev.postern.accesslog.CompletedRequest;
import dev.postern.accesslog.CompletedRequest.Origin;
import dev.postern.accesslog.Outcome;
import dev.postern.accesslog.Route;
import dev.postern.http.ForwardedRequest;
import dev.postern.http.HeaderLines;
import dev.postern.upstream.UndertowHeaders;
import dev.postern.verdict.Answer;
import dev.postern.verdict.CacheStatus;
import dev.postern.verdict.Question;
import dev.postern.verdict.Verdict;
import io.undertow.conduits.BytesReceivedStreamSourceConduit;
import io.undertow.server.ExchangeCompletionListener;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.AttachmentKey;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is known of one request so far.
///
/// The static methods are how handlers note what they find out; they do nothing where nobody wants
/// to know. No two threads touch a report at once.
public final class Report implements ExchangeCompletionListener {
  private static final AttachmentKey<Report> KEY = AttachmentKey.create(Report.class);
  private static final HeaderLines NO_LINES = HeaderLines.of(List.of());

  private final Reporting reporting;
  private final Reporting.Parts parts;
  private final long number;
  private final Instant start;
  private final long startNanos;
  private @Nullable Question question;
  private Outcome outcome;
  private @Nullable CacheStatus cacheStatus;
  private long bodyBytes;
  private boolean relays;
  private boolean asked;
  private long askedNanos;
  private @Nullable Origin origin;

  private Report(Reporting reporting, Reporting.Parts parts) {
    this.reporting = reporting;
    this.parts = parts;
    outcome = reporting.isInternal() ? Outcome.INTERNAL : Outcome.REFUSED;
    number = parts.numbers().incrementAndGet();
    start = parts.wallClock().instant();
    startNanos = parts.ticker().getAsLong();
  }

  static void begin(Reporting reporting, Reporting.Parts parts, HttpServerExchange exchange) {
    Report report = new Report(reporting, parts);
    exchange.putAttachment(KEY, report);
    exchange.addExchangeCompleteListener(report);
    if (!exchange.isRequestComplete()) {
      exchange.addRequestWrapper((factory, _) ->
          new BytesReceivedStreamSourceConduit(
              factory.create(), bytes -> report.bodyBytes += Math.max(0, bytes)));
    }
  }

  /// A forward-auth request has been understood.
  ///
  /// @param exchange the request
  /// @param question what it asks
  public static void understood(HttpServerExchange exchange, Question question) {
    Report report = exchange.getAttachment(KEY);
    if (report != null) {
      report.question = question;
    }
  }

  /// A verdict is needed that is not remembered: from here on nothing is decided until
  /// [#remembered] or [#decided] says so.
  ///
  /// @param exchange the request
  public static void checking(HttpServerExchange exchange) {
    Report report = exchange.getAttachment(KEY);
    if (report != null) {
      report.outcome = Outcome.ABORTED;
      report.askedNanos = report.now();
    }
  }

  /// The answer comes from an entry.
  ///
  /// @param exchange the request
  /// @param status where the entry came from
  public static void remembered(HttpServerExchange exchange, CacheStatus status) {
    Report report = exchange.getAttachment(KEY);
    if (report != null) {
      report.cacheStatus = status;
      Question question = report.question;
      boolean anonymous = question != null && question.credential().isEmpty();
      report.outcome = anonymous ? Outcome.ANONYMOUS_ALLOW : Outcome.ALLOW;
    }
  }

  /// The answer is what the upstream said for this request.
  ///
  /// @param exchange the request
  /// @param verdict what it said
  /// @param status where the verdict came from
  public static void decided(HttpServerExchange exchange, Verdict verdict, CacheStatus status) {
    Report report = exchange.getAttachment(KEY);
    if (report != null) {
      report.cacheStatus = status;
      report.outcome = outcome(verdict);
      if (!isUnasked(verdict)) {
        Answer answer = verdict.answer();
        long nanos = report.now() - report.askedNanos;
        report.origin = new Origin(answer.status(), answer.body().length, nanos, answer.headers());
      }
    }
  }

  /// The upstream's answer will be relayed as it comes.
  ///
  /// @param exchange the request
  public static void relaying(HttpServerExchange exchange) {
    Report report = exchange.getAttachment(KEY);
    if (report != null) {
      report.relays = true;
      report.outcome = Outcome.ABORTED;
    }
  }

  /// A relayed request has its place at the upstream.
  ///
  /// @param exchange the request
  public static void asked(HttpServerExchange exchange) {
    Report report = exchange.getAttachment(KEY);
    if (report != null) {
      report.asked = true;
      report.askedNanos = report.now();
    }
  }

  /// The head of a relayed answer is there.
  ///
  /// @param exchange the request
  /// @param status its status
  /// @param headers its header lines
  public static void answered(HttpServerExchange exchange, int status, HeaderLines headers) {
    Report report = exchange.getAttachment(KEY);
    if (report != null) {
      report.origin = new Origin(status, 0, 0, headers);
    }
  }

  @Override
  public void exchangeEvent(HttpServerExchange exchange, NextListener next) {
    try {
      parts.listener().completed(completed(exchange));
    } finally {
      next.proceed();
    }
  }

  private CompletedRequest completed(HttpServerExchange exchange) {
    long end = now();
    UndertowHeaders headers = new UndertowHeaders(exchange.getResponseHeaders());
    int status =
        exchange.isResponseStarted()
            ? exchange.getStatusCode()
            : CompletedRequest.CLIENT_CLOSED_REQUEST;
    CompletedRequest.Sent sent =
        new CompletedRequest.Sent(status, exchange.getResponseBytesSent(), headers);
    Seen seen = new Seen(exchange, reporting.trusts(exchange));
    Question forward = question;
    ForwardedRequest request = forward == null ? seen.request() : forward.request();
    return new CompletedRequest(
        number,
        new CompletedRequest.Timing(start, startNanos, end - startNanos),
        seen.connection(reporting.entryPoint()),
        request,
        seen.client(),
        bodyBytes,
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
    return question != null || relays ? parts.routes().find(request) : null;
  }

  /// Who relays does not count what the upstream sends: all of it goes on.
  private @Nullable Origin relayed(CompletedRequest.Sent sent, long end) {
    if (!asked) {
      return null;
    }
    Origin head = origin;
    return new Origin(
        head == null ? sent.status() : head.status(),
        sent.bytes(),
        end - askedNanos,
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

  /// Whether the upstream was never asked, because there was no place for the check.
  private static boolean isUnasked(Verdict verdict) {
    return verdict instanceof Verdict.Unavailable unavailable
        && switch (unavailable.fault()) {
          case OVERLOAD, STOPPING -> true;
          case INTERNAL,
              UPSTREAM_ERROR,
              CONNECT,
              NO_ANSWER,
              BROKEN,
              MALFORMED,
              TIMEOUT,
              OPTION_TIMEOUT,
              TOO_LARGE,
              OVERTAKEN ->
              false;
        };
  }

  private long now() {
    return parts.ticker().getAsLong();
  }
}
