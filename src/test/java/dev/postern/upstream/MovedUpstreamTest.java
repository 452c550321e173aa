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
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// An upstream that moves to another address: DNS returns the new one, the old one fails.
class MovedUpstreamTest {
  private static final InetAddress OLD = InetAddress.ofLiteral("127.0.0.3");
  private static final InetAddress NEW = InetAddress.ofLiteral("127.0.0.1");
  private static final Duration SHORT = Duration.ofMillis(300);

  private final AtomicReference<InetAddress> known = new AtomicReference<>(OLD);
  private final AtomicLong nanos = new AtomicLong();
  private final List<Socket> open = new CopyOnWriteArrayList<>();
  private volatile boolean silent;
  private ScriptedServer moved;
  private ServerSocket old;
  private Asking asking;

  @BeforeEach
  void start() throws IOException {
    moved = new ScriptedServer(ok("new"));
    old = new ServerSocket();
    old.setReuseAddress(true);
    old.bind(new InetSocketAddress(OLD, moved.url().getPort()));
    Thread.ofVirtual().start(this::accept);
    HostName host = new HostName("outpost.example");
    asking =
        new Asking(
            new UpstreamClient(
                new Endpoint(false, host, moved.url().getPort(), ""),
                null,
                LoopGuard.of(new SecureRandom()),
                new Addresses(host, _ -> List.of(known.get()), nanos::get)));
  }

  @AfterEach
  void stop() throws IOException {
    asking.close();
    close();
    moved.close();
  }

  private void accept() {
    while (!old.isClosed()) {
      try {
        Socket socket = old.accept();
        open.add(socket);
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException closed) {
        return;
      }
    }
  }

  /// Responds to any data; a request arrives in one piece.
  private void serve(Socket socket) {
    byte[] buffer = new byte[8192];
    try {
      while (socket.getInputStream().read(buffer) > 0) {
        if (!silent) {
          socket.getOutputStream().write(ok("old").getBytes(StandardCharsets.ISO_8859_1));
        }
      }
    } catch (IOException closed) {
      return;
    }
  }

  private void close() throws IOException {
    old.close();
    for (Socket socket : open) {
      socket.close();
    }
  }

  @Test
  void upstream_thatRefusesAtItsOldAddress_isCalledAtTheNewOneWithinFiveSeconds() throws Exception {
    assertThat(Asking.body(asking.answer())).isEqualTo("old");
    close();
    known.set(NEW);
    // The JDK's own cache takes two of the five seconds.
    nanos.addAndGet(Duration.ofSeconds(3).toNanos());
    assertThat(Asking.body(asking.answer())).isEqualTo("new");
  }

  @Test
  void upstream_thatIsSilentAtItsOldAddress_isCalledAtTheNewOneAfterOneTimeOut() throws Exception {
    assertThat(Asking.body(asking.answer())).isEqualTo("old");
    silent = true;
    known.set(NEW);
    assertThat(asking.ask("GET", SHORT)).isEqualTo(new Outcome.Failed(Fault.TIMEOUT));
    nanos.addAndGet(Duration.ofSeconds(3).toNanos());
    assertThat(Asking.body(asking.answer())).isEqualTo("new");
  }

  @Test
  void upstream_thatStaysWhereItIs_keepsItsConnection() throws Exception {
    assertThat(Asking.body(asking.answer())).isEqualTo("old");
    known.set(NEW);
    nanos.addAndGet(Duration.ofSeconds(3).toNanos());
    assertThat(Asking.body(asking.answer())).isEqualTo("old");
    assertThat(open).hasSize(1);
  }
}
