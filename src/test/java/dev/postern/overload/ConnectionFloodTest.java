package dev.postern.overload;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.app.Sidecar;
import dev.postern.app.StartException;
import dev.postern.testing.Await;
import dev.postern.testing.PosternConfig;
import dev.postern.testing.RawHttp;
import dev.postern.testing.RawServer;
import dev.postern.testing.upstream.Identity;
import dev.postern.testing.upstream.RecordingUpstream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Connections that send too slowly, too much, or do not read.
class ConnectionFloodTest {
  private static final int SLOW = 200;
  private static final int LARGE = 500;
  private static final int READ_MILLIS = 60_000;

  /// Time for 500 MB in all, on a machine that may be busy.
  private static final Duration LONG = Duration.ofSeconds(24);

  private static final String ALICE = "authentik_proxy_0a1b2c3d=alice";

  @TempDir Path state;
  private final RecordingUpstream upstream = new RecordingUpstream();
  private final List<Socket> sockets = new ArrayList<>();
  private Sidecar postern;

  @BeforeEach
  void start() throws StartException {
    postern = Sidecar.start(PosternConfig.of(upstream.url(), state).build());
    upstream.signIn(Flood.HOST, ALICE, Identity.of("alice", "app"));
  }

  @AfterEach
  void stop() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
    postern.close();
    upstream.close();
  }

  private Socket open(int port) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    sockets.add(socket);
    socket.setSoTimeout(READ_MILLIS);
    return socket;
  }

  private static void write(Socket socket, String bytes) throws IOException {
    socket.getOutputStream().write(bytes.getBytes(ISO_8859_1));
  }

  private void assertServed() throws IOException {
    assertThat(RawHttp.once(postern.authPort(), Flood.check("192.0.2.1", ALICE)).status())
        .isEqualTo(200);
  }

  private static boolean isOver(Socket socket) {
    try {
      // The server may send a 408 before it closes.
      var _ = socket.getInputStream().readAllBytes();
      return true;
    } catch (SocketTimeoutException stillOpen) {
      return false;
    } catch (IOException reset) {
      return true;
    }
  }

  /// Half of the clients continue to send a byte now and then.
  @Test
  void headsThatNeverEnd_areCutOffWhileOthersAreServed() throws Exception {
    assertServed();
    String half = "GET " + RecordingUpstream.AUTH + " HTTP/1.1\r\nHost: postern\r\nX-A: ";
    for (int i = 0; i < SLOW; i++) {
      write(open(postern.authPort()), half);
    }
    assertServed();
    Await.until(
        "the connections that drip are closed",
        Duration.ofSeconds(40),
        () -> {
          int closed = 0;
          for (Socket socket : sockets.subList(0, SLOW / 2)) {
            try {
              write(socket, "a");
            } catch (IOException gone) {
              closed++;
            }
          }
          return closed == SLOW / 2;
        });
    assertThat(sockets).allMatch(ConnectionFloodTest::isOver);
    assertServed();
  }

  @Test
  void handshakesThatNeverEnd_areCutOff() throws Exception {
    for (int i = 0; i < SLOW / 4; i++) {
      Socket socket = open(postern.authsPort());
      if (i % 2 == 0) {
        // The beginning of a ClientHello: a TLS record that is announced longer than what follows.
        write(socket, "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc");
      }
    }
    assertThat(sockets).allMatch(ConnectionFloodTest::isOver);
  }

  @Test
  void headersOfAMebibyte_onHundredsOfConnections_areBounded() throws Exception {
    byte[] request =
        Flood.check("203.0.113.66", Flood.invented(1))
            .replace("theme=dark", "theme=" + "d".repeat(1_000_000))
            .getBytes(ISO_8859_1);
    // This upstream does not record requests.
    try (RawServer challenging =
            RawServer.start((_, connection) ->
                connection.write(
                    "HTTP/1.1 302 Found\r\nLocation: /login\r\nContent-Length: 0\r\n\r\n"));
        Sidecar large =
            Sidecar.start(PosternConfig.of(challenging.url(), state).timeout(LONG).build())) {
      long before = Resources.heapAfterCollection();
      List<Callable<String>> clients =
          IntStream.range(0, LARGE)
              .<Callable<String>>mapToObj(_ -> () -> status(large.authPort(), request))
              .toList();
      try (var all = Executors.newFixedThreadPool(LARGE, Thread.ofVirtual().factory())) {
        for (Future<String> one : all.invokeAll(clients, 2, TimeUnit.MINUTES)) {
          assertThat(one.get()).isIn("302", "503");
        }
      }
      Resources.awaitIdle(large);
      assertThat(Resources.heapAfterCollection()).isLessThan(before + (32L << 20));
      assertThat(status(large.authPort(), request)).isEqualTo("302");
    }
  }

  private static String status(int port, byte[] request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(READ_MILLIS);
      socket.getOutputStream().write(request);
      InputStream in = socket.getInputStream();
      return new String(in.readNBytes(12), ISO_8859_1).substring(9);
    }
  }

  /// Clients that do not read responses: Postern stops reading their requests and keeps one
  /// response.
  @Test
  void clientsThatDoNotRead_delayNoOthersAndFillNoMemory() throws Exception {
    assertServed();
    long before = Resources.heapAfterCollection();
    String many = Flood.check("192.0.2.1", ALICE).repeat(200);
    for (int i = 0; i < 50; i++) {
      Socket socket = new Socket();
      sockets.add(socket);
      socket.setReceiveBufferSize(4096);
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), postern.authPort()));
      Thread.ofVirtual()
          .start(() -> {
            try {
              for (int round = 0; round < 50; round++) {
                write(socket, many);
              }
            } catch (IOException closedByTheTest) {
              // Expected: the write was blocked until then.
              return;
            }
          });
    }
    for (int i = 0; i < 50; i++) {
      assertServed();
    }
    assertThat(Resources.heapAfterCollection()).isLessThan(before + (48L << 20));
  }
}
