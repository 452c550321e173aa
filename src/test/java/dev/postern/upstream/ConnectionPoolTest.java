package dev.postern.upstream;

import static dev.postern.upstream.ScriptedServer.ok;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.testing.Await;
import dev.postern.upstream.CheckExchange.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// Which connections are kept for later requests.
class ConnectionPoolTest {
  private static final int MOST_IDLE = 64;
  private static final int TOGETHER = MOST_IDLE + 20;

  @Test
  void connectionsOfManyRequests_areKeptInALimitedNumber() throws Exception {
    CountDownLatch together = new CountDownLatch(TOGETHER);
    try (HostileServer server =
            new HostileServer(
                null,
                (_, connection) -> {
                  together.countDown();
                  await(together);
                  connection.write(ok("good"));
                });
        TestProxy proxy = new TestProxy(server.port());
        Asking asking = new Asking(proxy.url("http"), null)) {
      List<CompletableFuture<Outcome>> outcomes = new ArrayList<>();
      for (int i = 0; i < TOGETHER; i++) {
        outcomes.add(asking.begin("GET", Duration.ofSeconds(60)));
      }
      for (CompletableFuture<Outcome> outcome : outcomes) {
        assertThat(outcome.get(90, TimeUnit.SECONDS)).isInstanceOf(Outcome.Answered.class);
      }
      Await.until(
          "the oldest are closed",
          Duration.ofSeconds(30),
          () -> proxy.openConnections() == MOST_IDLE);

      assertThat(Asking.body(asking.answer())).isEqualTo("good");
      assertThat(proxy.connections()).as("a kept one is used").isEqualTo(TOGETHER);
    }
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}
