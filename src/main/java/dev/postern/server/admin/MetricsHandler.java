package dev.postern.server.admin;

import dev.postern.server.MetricsPage;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import io.undertow.util.Methods;
import org.jspecify.annotations.Nullable;

/// Serves `/metrics` on the admin entry point and leaves other paths to the next handler.
public final class MetricsHandler implements HttpHandler {
  private final MetricsPage.@Nullable Printer printer;
  private final boolean loopback;
  private final HttpHandler next;

  /// @param printer prints the page, or null if this entry point does not serve it
  /// @param loopback whether the entry point listens only on loopback. Then the `Host` is checked,
  ///   so that a foreign web page cannot read the metrics through a browser on this machine (DNS
  ///   rebinding).
  /// @param next handles every other path
  public MetricsHandler(MetricsPage.@Nullable Printer printer, boolean loopback, HttpHandler next) {
    this.printer = printer;
    this.loopback = loopback;
    this.next = next;
  }

  @Override
  public void handleRequest(HttpServerExchange exchange) throws Exception {
    MetricsPage.Printer shown = printer;
    if (shown == null || !exchange.getRequestPath().equals(MetricsPage.PATH)) {
      next.handleRequest(exchange);
    } else if (loopback && !AdminAccess.hasLoopbackHost(exchange.getRequestHeaders())) {
      AdminResponses.refuse(exchange, 403, MetricsPage.FOREIGN_HOST);
    } else if (exchange.getRequestMethod().equals(Methods.GET)
        || exchange.getRequestMethod().equals(Methods.HEAD)) {
      // Printing is slow, so do not block an I/O thread.
      exchange.dispatch(() -> print(shown, exchange));
    } else {
      exchange.getResponseHeaders().put(Headers.ALLOW, "GET, HEAD");
      AdminResponses.refuse(exchange, 405, "Method not allowed.");
    }
  }

  private static void print(MetricsPage.Printer printer, HttpServerExchange exchange) {
    HeaderValues accept = exchange.getRequestHeaders().get(Headers.ACCEPT);
    MetricsPage page = printer.print(accept == null ? null : String.join(",", accept));
    exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, page.contentType());
    exchange.getResponseHeaders().put(Headers.VARY, "Accept");
    AdminResponses.forbidStoring(exchange.getResponseHeaders());
    exchange.getResponseSender().send(page.text());
  }
}
