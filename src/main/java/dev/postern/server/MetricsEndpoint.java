package dev.postern.server;

import dev.postern.net.HeaderLine;
import dev.postern.net.HeaderLines;
import dev.postern.net.RequestHeaders;
import dev.postern.server.observe.Report;
import dev.postern.verdict.UpstreamResponse;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/// Serves `/metrics` on an auth entry point and leaves other paths to the next handler.
final class MetricsEndpoint implements Handler {
  private final MetricsPage.Printer printer;
  private final boolean loopback;
  private final Executor printing;
  private final Handler next;

  /// @param loopback whether the entry point listens only on loopback. Then the `Host` is checked,
  ///   so that a foreign web page cannot read the metrics through a browser on this machine (DNS
  ///   rebinding).
  /// @param printing runs the printing, which would block an event loop
  MetricsEndpoint(MetricsPage.Printer printer, boolean loopback, Executor printing, Handler next) {
    this.printer = printer;
    this.loopback = loopback;
    this.printing = printing;
    this.next = next;
  }

  @Override
  public void handle(Exchange exchange, Report report) {
    Exchange.Head head = exchange.head();
    if (!isPage(head.target())) {
      next.handle(exchange, report);
    } else if (loopback && !LoopbackHost.is(head.authority())) {
      Responses.refuse(exchange, 403, MetricsPage.FOREIGN_HOST);
    } else if (head.method().equals("GET") || head.method().equals("HEAD")) {
      String accept = accept(head.headers());
      printing.execute(() -> print(exchange, accept));
    } else {
      Responses.notAllowed(exchange, "GET, HEAD");
    }
  }

  private static boolean isPage(String target) {
    return target.startsWith(MetricsPage.PATH)
        && (target.length() == MetricsPage.PATH.length()
            || target.charAt(MetricsPage.PATH.length()) == '?');
  }

  private static @Nullable String accept(RequestHeaders headers) {
    List<String> lines = headers.values("Accept");
    return lines.isEmpty() ? null : String.join(",", lines);
  }

  private void print(Exchange exchange, @Nullable String accept) {
    try {
      UpstreamResponse page = response(printer.print(accept));
      Guarded.onEventLoop(exchange, () -> exchange.respond(page));
    } catch (RuntimeException failure) {
      Guarded.onEventLoop(
          exchange,
          () -> {
            throw failure;
          });
    }
  }

  private static UpstreamResponse response(MetricsPage page) {
    byte[] text = new byte[page.text().remaining()];
    page.text().duplicate().get(text);
    return new UpstreamResponse(
        200,
        HeaderLines.of(
            List.of(
                new HeaderLine("Content-Type", page.contentType()),
                new HeaderLine("Vary", "Accept"),
                Responses.NO_STORE)),
        text);
  }
}
