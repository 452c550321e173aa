package dev.postern.server;

import dev.postern.net.ForwardedRequest;
import dev.postern.routing.RouteTable;
import dev.postern.routing.RoutedRequest;
import dev.postern.server.limit.LoginLimit;
import dev.postern.server.observe.Report;
import dev.postern.verdict.CacheStatus;
import dev.postern.verdict.Entry;
import dev.postern.verdict.Question;
import dev.postern.verdict.VerdictCache;
import dev.postern.verdict.VerdictSource.Deadline;
import java.time.Duration;

/// Handles the forward-auth endpoint, which Traefik calls for every client request.
final class ForwardAuthHandler {
  /// Must be shorter than Traefik's timeout of 30 s (docs/design/traefik.md section 1.6).
  static final Duration DEADLINE = Duration.ofSeconds(25);

  private final AuthServices parts;
  private final VerdictCache cache;
  private final Responses responses;
  private final OutpostProxy proxy;

  ForwardAuthHandler(AuthServices parts, Responses responses, OutpostProxy proxy) {
    this.parts = parts;
    this.cache = parts.cache();
    this.responses = responses;
    this.proxy = proxy;
  }

  /// Handles a forward-auth request from a trusted peer.
  void handle(Exchange exchange, Report report, Target target) {
    Exchange.Head head = exchange.head();
    ForwardedRequest request =
        ForwardedRequest.read(head.method(), target.path(), target.query(), head.headers());
    switch (request.form()) {
      // A browser that came through the outpost's router. It must not receive identity headers.
      case NOT_FORWARDED -> Responses.refuse(exchange, 404, "Not found.");
      case INCOMPLETE ->
          Responses.refuse(
              exchange,
              400,
              "X-Forwarded-Method, -Proto, -Host and -Uri are needed, each exactly once.");
      case SOUND, AMBIGUOUS -> handleParsed(exchange, report, target, request);
    }
  }

  private void handleParsed(
      Exchange exchange, Report report, Target target, ForwardedRequest request) {
    RouteTable table = parts.routes().get();
    RoutedRequest routed = new RoutedRequest(request);
    Question question = cache.question(request, table.select(routed));
    report.parsed(question, routed);
    // With Traefik's forwardBody the verdict may depend on the body.
    boolean whole = !exchange.hasBody();
    Entry entry = whole ? cache.hit(question, () -> client(exchange, request)) : null;
    if (entry != null) {
      responses.fromEntry(exchange, report, entry, CacheStatus.HIT);
      return;
    }
    LoginLimit.Account account = account(exchange, question);
    long seconds = account.retryAfterSeconds();
    if (seconds > 0) {
      Responses.tooMany(exchange, seconds);
    } else if (exchange.countFor(client(exchange, request))) {
      Asking asking = new Asking(exchange, report, question, account, table, routed);
      if (whole) {
        check(asking);
      } else {
        proxy.relayCheck(asking, target);
      }
    }
  }

  private LoginLimit.Account account(Exchange exchange, Question question) {
    return parts
        .loginLimit()
        .account(
            question.request().headers(),
            Peers.address(exchange),
            new LoginLimit.Sent(
                question.hasCredential(),
                question.flagged(),
                () -> cache.isKnownSession(question.credential())));
  }

  private void check(Asking asking) {
    asking.report().checking();
    ResponseDeadline pending = ResponseDeadline.begin(asking.exchange());
    Question question = asking.question();
    cache.check(
        question,
        client(asking.exchange(), question.request()),
        deadline(asking),
        decision -> pending.decided(() -> asking.decided(responses, decision)));
  }

  private Deadline deadline(Asking asking) {
    boolean flagged = asking.question().flagged();
    Duration timeout = flagged ? null : asking.table().timeout(asking.routed());
    long now = parts.ticker().getAsLong();
    return timeout == null || timeout.compareTo(DEADLINE) >= 0
        ? Deadline.at(now + DEADLINE.toNanos())
        : new Deadline(now + timeout.toNanos(), true);
  }

  private String client(Exchange exchange, ForwardedRequest request) {
    return parts.clients().address(request.headers(), Peers.address(exchange));
  }
}
