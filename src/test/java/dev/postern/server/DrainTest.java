package dev.postern.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/// A stop can wait for the active requests.
class DrainTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  private final Drain drain = new Drain();
  private final ExchangeHandler handler = drain.around((Exchange _) -> {});
  private final FakeExchange exchange = FakeExchange.of("GET", "/");

  @Test
  void await_noRequest_isOverAtOnce() throws Exception {
    assertThat(drain.await(Duration.ofNanos(1))).isTrue();
  }

  @Test
  void await_requestWithoutResponse_isNotOver() throws Exception {
    handler.handle(exchange);
    assertThat(drain.await(Duration.ofMillis(1))).isFalse();
  }

  @Test
  void await_requestsRespondedToMeanwhile_isOver() throws Exception {
    FakeExchange other = FakeExchange.of("GET", "/");
    handler.handle(exchange);
    handler.handle(other);
    drain.begin();
    Thread responses =
        Thread.ofPlatform()
            .start(() -> {
              Responses.refuse(exchange, 404, "one");
              Responses.refuse(other, 404, "two");
            });
    assertThat(drain.await(LONG)).isTrue();
    responses.join();
  }

  @Test
  void await_cancelledRequest_isOver() throws Exception {
    handler.handle(exchange);
    exchange.cancelByClient();
    assertThat(drain.await(LONG)).isTrue();
  }

  @Test
  void begin_asksThePeerToClose() {
    handler.handle(exchange);
    assertThat(exchange.closesConnection()).isFalse();
    drain.begin();
    FakeExchange after = FakeExchange.of("GET", "/");
    handler.handle(after);
    assertThat(after.closesConnection()).isTrue();
  }

  @Test
  void requests_byTheThousand_areCounted() throws Exception {
    for (int i = 0; i < 1000; i++) {
      handler.handle(exchange);
    }
    assertThat(drain.await(Duration.ofNanos(1))).isFalse();
  }
}
