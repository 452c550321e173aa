package dev.postern.upstream;

import static dev.postern.upstream.ScriptedServer.ok;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.upstream.CheckExchange.Outcome;
import dev.postern.verdict.Verdict.Fault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// Kept connections that have gone silent, as after a firewall lost its state: data sent on them is
/// dropped, while new connections work.
class SilentConnectionsTest {
  private static final int KEPT = 4;
  private static final Duration SHORT = Duration.ofMillis(300);

  @Test
  void timeOut_onAKeptConnection_stopsReuseOfAllOlderOnes() throws Exception {
    CountDownLatch together = new CountDownLatch(KEPT);
    try (HostileServer server =
            new HostileServer(
                null,
                (_, connection) -> {
                  together.countDown();
                  try {
                    together.await();
                  } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                  }
                  connection.write(ok("good"));
                });
        TestProxy proxy = new TestProxy(server.port());
        Asking asking = new Asking(proxy.url("http"), null)) {
      List<CompletableFuture<Outcome>> first = new ArrayList<>();
      for (int i = 0; i < KEPT; i++) {
        first.add(asking.begin("GET", Asking.LONG));
      }
      for (CompletableFuture<Outcome> outcome : first) {
        assertThat(outcome.get(30, TimeUnit.SECONDS)).isInstanceOf(Outcome.Answered.class);
      }
      assertThat(proxy.connections()).isEqualTo(KEPT);
      proxy.freeze();
      assertThat(asking.ask("GET", SHORT)).isEqualTo(new Outcome.Failed(Fault.TIMEOUT));
      assertThat(Asking.body(asking.answer())).isEqualTo("good");
      assertThat(proxy.connections()).isEqualTo(KEPT + 1);
      assertThat(Asking.body(asking.answer())).isEqualTo("good");
      assertThat(proxy.connections()).isEqualTo(KEPT + 1);
    }
  }
}
