package dev.postern.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.accesslog.CompletedRequest;
import dev.postern.net.TrustedPeers;
import dev.postern.server.observe.Reporting;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The metrics page on an auth entry point; each of its requests is reported once.
class MetricsEndpointTest {
  private final Queue<Runnable> printing = new ArrayDeque<>();
  private final List<CompletedRequest> reported = new ArrayList<>();
  private final List<@Nullable String> accepts = new ArrayList<>();
  private final Handler other = (exchange, _) -> Responses.refuse(exchange, 404, "Not found.");

  private FakeExchange respond(FakeExchange exchange) {
    return respond(
        exchange,
        accept -> {
          accepts.add(accept);
          return new MetricsPage("text/plain", ByteBuffer.wrap("metrics".getBytes(UTF_8)));
        });
  }

  private FakeExchange respond(FakeExchange exchange, MetricsPage.Printer printer) {
    return respond(exchange, printer, false);
  }

  private FakeExchange respond(
      FakeExchange exchange, MetricsPage.Printer printer, boolean loopback) {
    Reporting reporting =
        Reporting.of(
            new Reporting.Sources(
                reported::add,
                _ -> null,
                "X-User",
                InstantSource.system(),
                System::nanoTime,
                new AtomicLong()),
            "auth",
            TrustedPeers.of(List.of()));
    new Observation(reporting, new MetricsEndpoint(printer, loopback, printing::add, other))
        .handle(exchange);
    printing.forEach(Runnable::run);
    exchange.pass(0);
    return exchange;
  }

  @ParameterizedTest
  @ValueSource(strings = {"/metrics", "/metrics?", "/metrics?name[]=up"})
  void page_isPrintedInTheAcceptedFormat(String target) {
    FakeExchange exchange = respond(FakeExchange.of("GET", target, "Accept: a", "Accept: b"));
    assertThat(exchange.status()).isEqualTo(200);
    assertThat(exchange.bodyText()).isEqualTo("metrics");
    assertThat(exchange.values("Content-Type")).containsExactly("text/plain");
    assertThat(exchange.values("Vary")).containsExactly("Accept");
    assertThat(exchange.values("Cache-Control")).containsExactly("no-store");
    assertThat(accepts).containsExactly("a,b");
    assertThat(reported).singleElement().extracting(r -> r.answer().status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/metric", "/metrics/", "/metricsx", "/"})
  void otherPath_isLeftToTheNextHandler(String target) {
    assertThat(respond(FakeExchange.of("GET", target)).status()).isEqualTo(404);
    assertThat(printing).isEmpty();
  }

  /// The request's `Host` is `postern`, as a foreign page can cause by DNS rebinding.
  @Test
  void foreignHost_onLoopback_isRefused() {
    FakeExchange exchange =
        respond(
            FakeExchange.of("GET", "/metrics"),
            _ -> {
              throw new AssertionError("printed");
            },
            true);
    assertThat(exchange.status()).isEqualTo(403);
  }

  @Test
  void otherMethod_isNotAllowed() {
    FakeExchange exchange = respond(FakeExchange.of("POST", "/metrics"));
    assertThat(exchange.status()).isEqualTo(405);
    assertThat(exchange.values("Allow")).containsExactly("GET, HEAD");
  }

  @Test
  void printerThatFails_isAnError() {
    FakeExchange exchange =
        respond(
            FakeExchange.of("GET", "/metrics"),
            _ -> {
              throw new IllegalStateException("broken");
            });
    assertThat(exchange.status()).isEqualTo(500);
    assertThat(reported).hasSize(1);
  }

  @Test
  void cancelledRequest_isReportedAsAborted() {
    FakeExchange exchange = FakeExchange.of("GET", "/metrics");
    FakeExchange _ =
        respond(
            exchange,
            _ -> {
              exchange.cancelByClient();
              return new MetricsPage("text/plain", ByteBuffer.allocate(0));
            });
    assertThat(reported)
        .singleElement()
        .extracting(r -> r.answer().status())
        .isEqualTo(CompletedRequest.CLIENT_CLOSED_REQUEST);
  }
}
