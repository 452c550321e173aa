package dev.postern.feeds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.config.FeedsConfig.Websocket;
import dev.postern.config.Secret;
import dev.postern.config.tls.ClientTls;
import dev.postern.config.tls.client.ClientTlsContext;
import dev.postern.net.Endpoint;
import dev.postern.upstream.EventLoops;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Connecting, with the test's own addresses and clock.
class OutpostConnectorTest {
  private final EventLoops loops = EventLoops.start();

  @AfterEach
  void close() {
    loops.close();
  }

  private OutpostConnector connector(int port, OutpostConnector.Lookup lookup, LongSupplier ticker)
      throws IOException {
    return connector("http://authentik.test:" + port, lookup, ticker);
  }

  private OutpostConnector connector(
      String endpoint, OutpostConnector.Lookup lookup, LongSupplier ticker) throws IOException {
    return new OutpostConnector(
        new Websocket(
            Endpoint.of(endpoint),
            FeedFixture.ID,
            new Secret(FeedFixture.TOKEN),
            ClientTls.STANDARD),
        ClientTlsContext.of("test", ClientTls.STANDARD),
        new OutpostConnector.Network(loops.group(), lookup, Duration.ofSeconds(10), ticker));
  }

  private static InetAddress[] addresses(String... literals) throws UnknownHostException {
    InetAddress[] addresses = new InetAddress[literals.length];
    for (int i = 0; i < literals.length; i++) {
      addresses[i] = InetAddress.getByName(literals[i]);
    }
    return addresses;
  }

  @Test
  void address_thatRefuses_isFollowedByTheNext() throws Exception {
    try (RawPeer peer =
            new RawPeer(connection -> {
              connection.accept();
              connection.message("one");
              connection.awaitEnd();
            });
        Channel channel =
            connector(peer.port(), _ -> addresses("127.0.0.2", "127.0.0.1"), System::nanoTime)
                .connect()) {
      assertThat(channel.receive(FeedFixture.LIMIT)).isEqualTo(new Received.Text("one"));
    }
  }

  @Test
  void zone_thatIsNoInterface_isNamedAsAZone() throws Exception {
    OutpostConnector connector =
        connector("http://[fe80::1%nowhere9]:9", InetAddress::getAllByName, System::nanoTime);
    assertThatThrownBy(connector::connect)
        .hasMessageContaining("there is no network interface nowhere9 here; check the zone");
  }

  @Test
  void addresses_thatAllRefuse_areRefusal() throws Exception {
    int port;
    try (RawPeer gone = new RawPeer(connection -> {})) {
      port = gone.port();
    }
    OutpostConnector connector =
        connector(port, _ -> addresses("127.0.0.2", "127.0.0.1"), System::nanoTime);
    assertThatThrownBy(connector::connect).hasMessageContaining("refuses connections");
  }

  @Test
  void server_thatAcceptsAndSendsNothing_timesOut() throws Exception {
    // Each reading of the clock advances it by three seconds, so no time is left for the response.
    AtomicLong nanos = new AtomicLong();
    LongSupplier ticker = () -> nanos.addAndGet(Duration.ofSeconds(3).toNanos());
    try (RawPeer peer = new RawPeer(connection -> connection.awaitEnd())) {
      OutpostConnector connector = connector(peer.port(), _ -> addresses("127.0.0.1"), ticker);
      assertThatThrownBy(connector::connect).hasMessageContaining("does not answer within 10 s");
    }
  }

  @Test
  void eventLoops_stopped_failTheConnection() throws Exception {
    OutpostConnector connector = connector(1, _ -> addresses("127.0.0.1"), System::nanoTime);
    loops.close();
    assertThatThrownBy(connector::connect).isInstanceOf(ConnectionLost.class);
  }
}
