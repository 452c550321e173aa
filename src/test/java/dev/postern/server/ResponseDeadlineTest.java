package dev.postern.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.net.HeaderLines;
import dev.postern.upstream.BodySink;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A waiting request gets exactly one response, from the timer if nothing else sends one.
class ResponseDeadlineTest {
  private static final long TRAEFIK_GIVES_UP_SECONDS = 30;

  private final FakeExchange exchange = FakeExchange.of("GET", "/");
  private final ResponseDeadline pending = ResponseDeadline.begin(exchange);

  @Test
  void timer_isBeyondTheDeadlineAndBeforeTraefiks() {
    assertThat(ResponseDeadline.SECONDS)
        .isGreaterThan(ForwardAuthHandler.DEADLINE.toSeconds())
        .isLessThan(TRAEFIK_GIVES_UP_SECONDS);
  }

  @Test
  void noDecision_isTimeoutWhenTheTimerExpires() {
    exchange.pass(ResponseDeadline.SECONDS - 1);
    assertThat(exchange.isOver()).isFalse();
    exchange.pass(1);
    assertThat(exchange.status()).isEqualTo(504);
    assertThat(exchange.values("Cache-Control")).containsExactly("no-store");
  }

  @Test
  void noDecision_ofACancelledRequest_sendsNoResponse() {
    exchange.cancelByClient();
    exchange.pass(ResponseDeadline.SECONDS);
    assertThat(exchange.status()).isZero();
  }

  @Test
  void decision_isUsedOnce() {
    pending.decided(() -> Responses.refuse(exchange, 403, "first"));
    pending.decided(() -> Responses.refuse(exchange, 404, "second"));
    exchange.pass(ResponseDeadline.SECONDS);
    assertThat(exchange.status()).isEqualTo(403);
    assertThat(exchange.bodyText()).isEqualTo("first\n");
  }

  @Test
  void decision_afterTheTimer_isNotUsed() {
    exchange.pass(ResponseDeadline.SECONDS);
    pending.decided(() -> {
      throw new AssertionError("used");
    });
    assertThat(exchange.status()).isEqualTo(504);
  }

  @Test
  void responseThatFails_isAnError() {
    pending.decided(() -> {
      throw new IllegalStateException("broken");
    });
    assertThat(exchange.status()).isEqualTo(500);
  }

  @Test
  void responseThatOverflowsTheStack_isAnError() {
    pending.decided(() -> {
      throw new StackOverflowError("broken");
    });
    assertThat(exchange.status()).isEqualTo(500);
  }

  @Test
  void responseThatFailsHalfway_isAborted() {
    pending.decided(() -> {
      BodySink _ = exchange.begin(200, HeaderLines.of(List.of()));
      throw new IllegalStateException("broken");
    });
    assertThat(exchange.isAborted()).isTrue();
  }
}
