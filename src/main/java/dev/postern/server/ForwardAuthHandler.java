package dev.postern.server;

import dev.postern.http.ForwardedRequest;
import dev.postern.routing.RouteTable;
import dev.postern.routing.options.ChallengeAnswer;
import dev.postern.server.limit.LoginLimit;
import dev.postern.server.report.Report;
import dev.postern.upstream.UndertowHeaders;
import dev.postern.verdict.CacheStatus;
import dev.postern.verdict.Decision;
import dev.postern.verdict.Entry;
import dev.postern.verdict.Question;
import dev.postern.verdict.RelayedCheck;
import dev.postern.verdict.VerdictCache;
import dev.postern.verdict.VerdictSource.Deadline;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.SameThreadExecutor;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// The forward-auth endpoint: what Traefik asks for every request of a client.
final class ForwardAuthHandler {
  /// Traefik gives up after 30 s (traefik-contract 1.6); an answer has to come before that.
  static final Duration DEADLINE = Duration.ofSeconds(25);

  private final Supplier<RouteTable> routes;
  private final VerdictCache cache;
  private final LoginLimit loginLimit;
  private final AnswerWriter writer;
  private final OutpostProxy proxy;
  private final LongSupplier ticker;

  ForwardAuthHandler(
      Supplier<RouteTable> routes,
      VerdictCache cache,
      LoginLimit loginLimit,
      AnswerWriter writer,
      OutpostProxy proxy,
      LongSupplier ticker) {
    this.routes = routes;
    this.cache = cache;
    this.loginLimit = loginLimit;
    this.writer = writer;
    this.proxy = proxy;
    this.ticker = ticker;
  }

  /// Answers one request from a trusted peer.
  void handle(HttpServerExchange exchange, Target target) {
    ForwardedRequest request =
        ForwardedRequest.read(
            exchange.getRequestMethod().toString(),
            target.path(),
            target.query(),
            new UndertowHeaders(exchange.getRequestHeaders()));
    if (request.form() == ForwardedRequest.Form.NOT_FORWARDED) {
      // A browser that came through the outpost's router: tokens are not for its eyes.
      AnswerWriter.refuse(exchange, 404, "Not found.");
      return;
    }
    RouteTable table = routes.get();
    Question question = cache.question(request, table.select(request));
    Report.understood(exchange, question);
    // With Traefik's forwardBody the body may have a part in the answer.
    boolean whole = exchange.isRequestComplete();
    Entry entry = whole ? cache.hit(question, () -> client(exchange, request)) : null;
    if (entry != null) {
      writer.remembered(exchange, entry, CacheStatus.HIT);
      return;
    }
    LoginLimit.Account account = loginLimit.account(question, Peers.address(exchange));
    if (isRefused(exchange, question, account)) {
      return;
    }
    if (whole) {
      exchange.dispatch(
          SameThreadExecutor.INSTANCE, () -> check(exchange, question, account, table));
    } else {
      proxy.relayCheck(
          exchange,
          target,
          question,
          account,
          () -> challenge(question, table),
          relayed -> askAgain(exchange, relayed, question, account, table));
    }
  }

  /// A logout or the end of a login has to get through, whoever else is at the same address.
  private static boolean isRefused(
      HttpServerExchange exchange, Question question, LoginLimit.Account account) {
    if (question.flagged() && question.hasCredential()) {
      return false;
    }
    long seconds = account.retryAfterSeconds();
    if (seconds > 0) {
      AnswerWriter.tooMany(exchange, seconds);
    }
    return seconds > 0;
  }

  private void check(
      HttpServerExchange exchange,
      Question question,
      LoginLimit.Account account,
      RouteTable table) {
    Report.checking(exchange);
    cache.check(
        question,
        client(exchange, question.request()),
        deadline(question, table),
        answering(exchange, question, account, table));
  }

  /// Asks once more without the body, because a revocation has overtaken the answer.
  private void askAgain(
      HttpServerExchange exchange,
      RelayedCheck relayed,
      Question question,
      LoginLimit.Account account,
      RouteTable table) {
    relayed.askAgain(
        client(exchange, question.request()),
        deadline(question, table),
        answering(exchange, question, account, table));
  }

  private Consumer<Decision> answering(
      HttpServerExchange exchange,
      Question question,
      LoginLimit.Account account,
      RouteTable table) {
    Pending pending = Pending.begin(exchange);
    return decision ->
        pending.answer(() -> {
          if (decision instanceof Decision.Relayed(var verdict, _)) {
            account.answered(verdict.answer().status());
          }
          writer.write(exchange, decision, () -> challenge(question, table));
        });
  }

  private Deadline deadline(Question question, RouteTable table) {
    Duration timeout = question.flagged() ? null : table.timeout(question.request());
    long now = ticker.getAsLong();
    return timeout == null || timeout.compareTo(DEADLINE) >= 0
        ? Deadline.at(now + DEADLINE.toNanos())
        : new Deadline(now + timeout.toNanos(), true);
  }

  /// The end of a login and a logout are the outpost's own and stay as they are.
  private static ChallengeAnswer challenge(Question question, RouteTable table) {
    return question.flagged() ? ChallengeAnswer.UNCHANGED : table.challenge(question.request());
  }

  private static String client(HttpServerExchange exchange, ForwardedRequest request) {
    return request.client(Peers.address(exchange));
  }
}
