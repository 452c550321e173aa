package dev.postern.upstream;

import static dev.postern.upstream.ScriptedServer.ok;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.net.Endpoint;
import dev.postern.net.HostName;
import dev.postern.net.LoopGuard;
import dev.postern.upstream.CheckExchange.Outcome;
import dev.postern.verdict.Verdict.Fault;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A name with several addresses, some of which are unreachable.
class ConnectingTest {
  /// Nothing listens there, and loopback refuses at once.
  private static final InetAddress REFUSES = InetAddress.ofLiteral("127.0.0.9");

  private final InetAddress good = InetAddress.ofLiteral("127.0.0.1");
  private final InetAddress swallows = InetAddress.ofLiteral("127.0.0.2");
  private final List<Socket> fill = new ArrayList<>();
  private ScriptedServer server;
  private ServerSocket full;

  /// A listener whose queue is full: the system drops new connections, as a firewall does.
  @BeforeEach
  void start() throws IOException {
    server = new ScriptedServer(ok("good"));
    full = new ServerSocket();
    full.setReuseAddress(true);
    full.bind(new InetSocketAddress(swallows, server.url().getPort()), 1);
    for (int i = 0; i < 4; i++) {
      Socket socket = new Socket();
      fill.add(socket);
      Thread.ofVirtual()
          .start(() -> {
            try {
              socket.connect(full.getLocalSocketAddress());
            } catch (IOException expected) {
              return;
            }
          });
    }
    awaitFull();
  }

  /// The queue is full once another connection has to wait.
  private void awaitFull() throws IOException {
    while (true) {
      try (Socket probe = new Socket()) {
        probe.connect(full.getLocalSocketAddress(), 200);
      } catch (java.net.SocketTimeoutException dropped) {
        return;
      }
    }
  }

  @AfterEach
  void stop() throws IOException {
    for (Socket socket : fill) {
      socket.close();
    }
    full.close();
    server.close();
  }

  private Asking asking(InetAddress... addresses) {
    HostName host = new HostName("outpost.example");
    return new Asking(
        new UpstreamClient(
            new Endpoint(false, host, server.url().getPort(), ""),
            null,
            LoopGuard.of(new SecureRandom()),
            new Addresses(host, _ -> List.of(addresses), System::nanoTime)));
  }

  @Test
  void secondAddress_isTriedWhenTheFirstRefuses() throws Exception {
    try (Asking asking = asking(REFUSES, good)) {
      assertThat(Asking.body(asking.answer())).isEqualTo("good");
    }
  }

  @Test
  void secondAddress_isTriedWhileTheFirstDropsPackets() throws Exception {
    try (Asking asking = asking(swallows, good)) {
      assertThat(Asking.body(asking.answer())).isEqualTo("good");
    }
  }

  @Test
  void lastOfManyAddresses_isReachedThoughAllOthersDropPackets() throws Exception {
    try (Asking asking = asking(swallows, swallows, REFUSES, swallows, good)) {
      assertThat(Asking.body(asking.answer())).isEqualTo("good");
    }
  }

  @Test
  void addresses_thatAllRefuse_areAFailure() throws Exception {
    try (Asking asking = asking(REFUSES, InetAddress.ofLiteral("127.0.0.8"))) {
      assertThat(asking.ask()).isEqualTo(new Outcome.Failed(Fault.CONNECT));
    }
  }

  @Test
  void loser_ofTheRace_isClosedAndTheWinnerKept() throws Exception {
    try (Asking asking = asking(swallows, good)) {
      for (int i = 0; i < 3; i++) {
        asking.answer();
      }
      assertThat(server.connections()).isEqualTo(1);
    }
  }
}
