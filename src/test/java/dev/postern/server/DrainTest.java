package dev.postern.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.config.ListenAddress;
import dev.postern.server.notice.PeerNotices;
import dev.postern.testing.RawHttp;
import dev.postern.testing.RawMessage;
import dev.postern.upstream.IoWorker;
import io.undertow.server.HttpServerExchange;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// That a stop can wait for the requests that are being answered.
class DrainTest {
  private static final String REQUEST = RawHttp.get("/", "Host: x");

  private final BlockingQueue<HttpServerExchange> held = new LinkedBlockingQueue<>();
  private final Drain drain =
      new Drain(exchange -> {
        if (exchange.getRequestPath().equals("/broken")) {
          throw new IllegalStateException("broken");
        }
        exchange.dispatch(() -> held.add(exchange));
      });
  private IoWorker io;
  private EntryPoint entryPoint;

  @BeforeEach
  void open() throws Exception {
    io = IoWorker.start();
    entryPoint =
        EntryPoint.openPlain(new ListenAddress("127.0.0.1", 0), io, new PeerNotices("auth"), drain);
  }

  @AfterEach
  void close() {
    entryPoint.close();
    io.close();
  }

  private HttpServerExchange next() throws InterruptedException {
    HttpServerExchange exchange = held.poll(20, TimeUnit.SECONDS);
    assertThat(exchange).isNotNull();
    return exchange;
  }

  @Test
  void await_noRequest_isOverAtOnce() throws Exception {
    assertThat(drain.await(Duration.ofNanos(1))).isTrue();
  }

  @Test
  void await_requestThatIsNotAnswered_isNotOver() throws Exception {
    try (RawHttp client = RawHttp.connect(entryPoint.port())) {
      client.send(REQUEST);
      next();
      assertThat(drain.await(Duration.ofMillis(1))).isFalse();
    }
  }

  @Test
  void await_requestsAnsweredMeanwhile_isOver() throws Exception {
    try (RawHttp one = RawHttp.connect(entryPoint.port());
        RawHttp two = RawHttp.connect(entryPoint.port())) {
      one.send(REQUEST);
      two.send(REQUEST);
      HttpServerExchange first = next();
      HttpServerExchange second = next();
      drain.begin();
      first.endExchange();
      second.endExchange();
      assertThat(one.read().status()).isEqualTo(200);
      assertThat(two.read().status()).isEqualTo(200);
      assertThat(drain.await(Duration.ofSeconds(20))).isTrue();
    }
  }

  @Test
  void begin_answersAsThePeerToGo() throws Exception {
    try (RawHttp before = RawHttp.connect(entryPoint.port());
        RawHttp after = RawHttp.connect(entryPoint.port())) {
      before.send(REQUEST);
      next().endExchange();
      assertThat(before.read().closes()).isFalse();
      drain.begin();
      after.send(REQUEST);
      next().endExchange();
      RawMessage answer = after.read();
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.closes()).isTrue();
    }
  }

  @Test
  void await_handlerThatFails_isNotCountedForEver() throws Exception {
    try (RawHttp client = RawHttp.connect(entryPoint.port())) {
      assertThat(client.exchange(RawHttp.get("/broken", "Host: x")).status()).isEqualTo(500);
      assertThat(drain.await(Duration.ofSeconds(20))).isTrue();
    }
  }

  @Test
  void requests_byTheHundredThousand_areCounted() throws Exception {
    Drain open = new Drain(_ -> {});
    for (int i = 0; i < 100_000; i++) {
      open.handleRequest(new HttpServerExchange(null));
    }
    assertThat(open.await(Duration.ofNanos(1))).isFalse();
  }
}
