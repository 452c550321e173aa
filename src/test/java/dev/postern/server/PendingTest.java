package dev.postern.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.config.ListenAddress;
import dev.postern.server.notice.PeerNotices;
import dev.postern.testing.HandTimer;
import dev.postern.testing.RawHttp;
import dev.postern.testing.RawMessage;
import dev.postern.upstream.IoWorker;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HttpString;
import io.undertow.util.SameThreadExecutor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// That a request that waits is ended once, by a timer run by hand when nobody else ends it.
class PendingTest {
  private static final String REQUEST = RawHttp.get("/", "Host: x");

  private record Held(HttpServerExchange exchange, HandTimer timer, Pending pending) {}

  private final BlockingQueue<Held> waiting = new LinkedBlockingQueue<>();
  private final Drain drain =
      new Drain(exchange -> exchange.dispatch(SameThreadExecutor.INSTANCE, () -> hold(exchange)));
  private IoWorker io;
  private EntryPoint entryPoint;
  private RawHttp client;
  private Held held;

  private void hold(HttpServerExchange exchange) {
    HandTimer timer = new HandTimer();
    waiting.add(new Held(exchange, timer, Pending.begin(exchange, timer)));
  }

  @BeforeEach
  void ask() throws Exception {
    io = IoWorker.start();
    entryPoint =
        EntryPoint.openPlain(new ListenAddress("127.0.0.1", 0), io, new PeerNotices("auth"), drain);
    client = RawHttp.connect(entryPoint.port());
    client.send(REQUEST);
    held = waiting.poll(20, TimeUnit.SECONDS);
    assertThat(held).isNotNull();
  }

  @AfterEach
  void close() throws IOException {
    client.close();
    entryPoint.close();
    io.close();
  }

  private void expire() {
    held.exchange().getIoThread().execute(held.timer()::expire);
  }

  private void assertOver() throws Exception {
    assertThat(drain.await(Duration.ofSeconds(20))).isTrue();
  }

  @Test
  void timer_isBeyondTheDeadlineAndBeforeTraefiks() {
    assertThat(held.timer().nanos())
        .isGreaterThan(ForwardAuthHandler.DEADLINE.toNanos())
        .isLessThan(TimeUnit.SECONDS.toNanos(30));
  }

  @Test
  void noAnswer_isTimeoutWhenTheTimerExpires() throws Exception {
    expire();
    assertThat(client.read().status()).isEqualTo(504);
    assertOver();
  }

  @Test
  void answer_isGivenOnce() throws Exception {
    held.pending().answer(() -> AnswerWriter.refuse(held.exchange(), 403, "first"));
    held.pending().answer(() -> AnswerWriter.refuse(held.exchange(), 403, "second"));
    expire();
    RawMessage answer = client.read();
    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.body()).isEqualTo("first\n");
    assertThat(held.timer().isRemoved()).isTrue();
    assertOver();
  }

  @Test
  void answerThatCannotBeWritten_isAnError() throws Exception {
    held.pending()
        .answer(() -> {
          held.exchange().getResponseHeaders().put(new HttpString("X-Secret"), "half");
          throw new IllegalStateException("broken");
        });
    RawMessage answer = client.read();
    assertThat(answer.status()).isEqualTo(500);
    assertThat(answer.values("X-Secret")).isEmpty();
    assertOver();
  }

  @Test
  void answerThatOverflowsTheStack_isAnError() throws Exception {
    held.pending()
        .answer(() -> {
          throw new StackOverflowError("broken");
        });
    assertThat(client.read().status()).isEqualTo(500);
    assertOver();
  }

  @Test
  void answerThatFailsHalfway_breaksOff() throws Exception {
    held.pending()
        .answer(() -> {
          HttpServerExchange exchange = held.exchange();
          exchange.setResponseContentLength(1000);
          try {
            int _ = exchange.getResponseChannel().write(ByteBuffer.wrap(new byte[] {'x'}));
          } catch (IOException e) {
            throw new IllegalStateException(e);
          }
          throw new IllegalStateException("broken");
        });
    assertOver();
    assertThat(held.exchange().getConnection().isOpen()).isFalse();
  }
}
