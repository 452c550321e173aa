package dev.postern.server.admin;

import dev.postern.server.observe.Ended;
import dev.postern.server.observe.Received;
import dev.postern.server.observe.Report;
import dev.postern.server.observe.Reporting;
import io.undertow.conduits.BytesReceivedStreamSourceConduit;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import java.util.concurrent.atomic.AtomicLong;

/// Creates the report of each request of the admin entry point and completes it at the end of the
/// request.
final class AdminObservation implements HttpHandler {
  private final Reporting reporting;
  private final HttpHandler next;

  AdminObservation(Reporting reporting, HttpHandler next) {
    this.reporting = reporting;
    this.next = next;
  }

  @Override
  public void handleRequest(HttpServerExchange exchange) throws Exception {
    Report report = reporting.begin();
    AtomicLong bodyBytes = new AtomicLong();
    if (!exchange.isRequestComplete()) {
      exchange.addRequestWrapper((factory, _) ->
          new BytesReceivedStreamSourceConduit(
              factory.create(), bytes -> bodyBytes.addAndGet(Math.max(0, bytes))));
    }
    exchange.addExchangeCompleteListener((over, chain) -> {
      try {
        report.completed(received(over), ended(over, bodyBytes.get()));
      } finally {
        chain.proceed();
      }
    });
    next.handleRequest(exchange);
  }

  private static Received received(HttpServerExchange exchange) {
    String query = exchange.getQueryString();
    String host = exchange.getRequestHeaders().getFirst(Headers.HOST);
    return new Received(
        exchange.getRequestMethod().toString(),
        query.isEmpty() ? exchange.getRequestURI() : exchange.getRequestURI() + "?" + query,
        exchange.getProtocol().toString(),
        exchange.getRequestScheme(),
        host == null ? "" : host,
        new UndertowHeaders(exchange.getRequestHeaders()),
        exchange.getSourceAddress(),
        null);
  }

  private static Ended ended(HttpServerExchange exchange, long bodyBytes) {
    return new Ended(
        exchange.isResponseStarted() ? exchange.getStatusCode() : 0,
        new UndertowHeaders(exchange.getResponseHeaders()),
        exchange.getResponseBytesSent(),
        bodyBytes);
  }
}
