package dev.postern.server;

import dev.postern.http.ForwardedRequest;
import dev.postern.routing.RouteTable;
import dev.postern.server.report.Report;
import dev.postern.upstream.UndertowHeaders;
import dev.postern.verdict.CacheStatus;
import dev.postern.verdict.Entry;
import dev.postern.verdict.Question;
import dev.postern.verdict.VerdictCache;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.SameThreadExecutor;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// The forward-auth endpoint: what Traefik asks for every request of a client.
final class ForwardAuthHandler {
  /// Traefik gives up after 30 s (traefik-contract 1.6); an answer has to come before that.
  static final Duration DEADLINE = Duration.ofSeconds(25);

  private final Supplier<RouteTable> routes;
  private final VerdictCache cache;
  private final AnswerWriter writer;
  private final OutpostProxy proxy;
  private final LongSupplier ticker;

  ForwardAuthHandler(
      Supplier<RouteTable> routes,
      VerdictCache cache,
      AnswerWriter writer,
      OutpostProxy proxy,
      LongSupplier ticker) {
    this.routes = routes;
    this.cache = cache;
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
    Question question = cache.question(request, routes.get().select(request));
    Report.understood(exchange, question);
    if (question.credential().isOversized()) {
      AnswerWriter.refuse(exchange, 431, OutpostProxy.TOO_MANY_COOKIES);
      return;
    }
    if (!exchange.isRequestComplete()) {
      // With Traefik's forwardBody the body may have a part in the answer.
      proxy.relayCheck(exchange, target, question);
      return;
    }
    Entry entry = cache.hit(question, () -> client(exchange, request));
    if (entry == null) {
      exchange.dispatch(
          SameThreadExecutor.INSTANCE, () -> check(exchange, question, client(exchange, request)));
    } else {
      writer.remembered(exchange, entry, CacheStatus.HIT);
    }
  }

  private void check(HttpServerExchange exchange, Question question, String client) {
    Report.checking(exchange);
    cache.check(
        question,
        client,
        ticker.getAsLong() + DEADLINE.toNanos(),
        decision -> IoThreads.run(exchange, () -> writer.write(exchange, decision)));
  }

  private static String client(HttpServerExchange exchange, ForwardedRequest request) {
    return request.client(Peers.address(exchange));
  }
}
