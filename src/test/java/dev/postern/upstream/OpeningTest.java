package dev.postern.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.testing.Await;
import dev.postern.testing.HandTimer;
import dev.postern.testing.RawServer;
import dev.postern.upstream.UpstreamConnections.Lease;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xnio.OptionMap;
import org.xnio.StreamConnection;

/// The time that a connection to the upstream may take to open, by a timer run by hand.
class OpeningTest {
  private final HandTimer timer = new HandTimer();
  private final List<Lease> opened = new ArrayList<>();
  private final List<IOException> failed = new ArrayList<>();
  private RawServer server;
  private IoWorker io;

  @BeforeEach
  void start() throws IOException {
    server = RawServer.start((_, _) -> {});
    io = IoWorker.start();
  }

  @AfterEach
  void stop() {
    io.close();
    server.close();
  }

  private Opening opening() {
    return new Opening(timer, opened::add, failed::add);
  }

  private StreamConnection connection() throws Exception {
    CompletableFuture<StreamConnection> connection = new CompletableFuture<>();
    io.worker()
        .openStreamConnection(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()),
            connection::complete,
            OptionMap.EMPTY);
    return connection.get(30, TimeUnit.SECONDS);
  }

  @Test
  void timer_isTenSeconds() {
    opening();
    assertThat(timer.nanos()).isEqualTo(TimeUnit.SECONDS.toNanos(10));
  }

  @Test
  void connectionThatNeverComes_failsOnceTheTimeIsOver() {
    opening();
    timer.expire();
    assertThat(failed).singleElement().isInstanceOf(SocketTimeoutException.class);
    assertThat(opened).isEmpty();
  }

  @Test
  void connectionThatComesTooLate_isClosedAndHandedToNobody() throws Exception {
    Opening late = opening();
    timer.expire();
    StreamConnection connection = connection();
    late.connected(connection);
    assertThat(opened).isEmpty();
    assertThat(failed).hasSize(1);
    Await.until("it is closed", Duration.ofSeconds(30), () -> !connection.isOpen());
  }

  @Test
  void connectionInTime_stopsTheTimer() throws Exception {
    Opening inTime = opening();
    inTime.connected(connection());
    assertThat(opened).hasSize(1);
    assertThat(timer.isRemoved()).isTrue();
    timer.expire();
    assertThat(failed).isEmpty();
  }

  @Test
  void failure_isToldOnce() {
    Opening broken = opening();
    broken.failed(new IOException("refused"));
    broken.failed(new IOException("again"));
    timer.expire();
    assertThat(failed).singleElement().extracting(IOException::getMessage).isEqualTo("refused");
    assertThat(broken.giveUp()).isFalse();
  }
}
