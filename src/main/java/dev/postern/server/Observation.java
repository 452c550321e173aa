package dev.postern.server;

import dev.postern.accesslog.CompletedRequest.Tls;
import dev.postern.server.observe.Ended;
import dev.postern.server.observe.Received;
import dev.postern.server.observe.Report;
import dev.postern.server.observe.Reporting;
import org.jspecify.annotations.Nullable;

/// Creates the report of each request and completes it at the end of the request.
final class Observation implements ExchangeHandler {
  private final Reporting reporting;
  private final Handler next;

  Observation(Reporting reporting, Handler next) {
    this.reporting = reporting;
    this.next = next;
  }

  @Override
  public void handle(Exchange exchange) {
    Report report = reporting.begin();
    exchange.whenOver(end -> report.completed(received(exchange), ended(end)));
    next.handle(exchange, report);
  }

  private static Received received(Exchange exchange) {
    Exchange.Head head = exchange.head();
    return new Received(
        head.method(),
        head.target(),
        head.protocol(),
        head.scheme(),
        head.authority(),
        head.headers(),
        exchange.peer(),
        tls(exchange.tls()));
  }

  private static @Nullable Tls tls(Exchange.@Nullable TlsSession session) {
    return session == null ? null : new Tls(session.version(), session.cipher());
  }

  private static Ended ended(Exchange.Completion end) {
    return new Ended(end.status(), end.headers(), end.bytesSent(), end.bytesReceived());
  }
}
