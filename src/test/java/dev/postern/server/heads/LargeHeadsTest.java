package dev.postern.server.heads;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.testing.Await;
import dev.postern.testing.RawHttp;
import dev.postern.testing.program.PosternProcess;
import dev.postern.upstream.IoWorker;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.protocol.http.HttpOpenListener;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xnio.ChannelListener;
import org.xnio.ChannelListeners;
import org.xnio.OptionMap;
import org.xnio.StreamConnection;
import org.xnio.channels.AcceptingChannel;

/// Large heads wait for a place, small ones never do, and what arrives is bounded before it is a
/// request.
class LargeHeadsTest {
  private static final int PLACES = 16;
  private static final String BEGIN = "GET / HTTP/1.1\r\nHost: x\r\nX-A: ";

  @TempDir Path directory;
  private final List<Socket> sockets = new ArrayList<>();

  @AfterEach
  void closeAll() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  private Socket open(int port) throws IOException {
    Socket socket = new Socket();
    sockets.add(socket);
    socket.setSendBufferSize(16 * 1024);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    socket.setSoTimeout(60_000);
    return socket;
  }

  private static void write(Socket socket, String bytes) throws IOException {
    socket.getOutputStream().write(bytes.getBytes(ISO_8859_1));
  }

  private static int answered(List<Socket> waiting) throws IOException {
    int answered = 0;
    for (Socket socket : waiting) {
      answered += socket.getInputStream().available() > 0 ? 1 : 0;
    }
    return answered;
  }

  private static AcceptingChannel<StreamConnection> serve(LargeHeads heads, IoWorker io)
      throws IOException {
    HttpOpenListener http = new HttpOpenListener(io.buffers(), OptionMap.EMPTY);
    http.setRootHandler(heads.around(HttpServerExchange::endExchange));
    ChannelListener<AcceptingChannel<StreamConnection>> accept =
        ChannelListeners.openListenerAdapter(connection -> {
          heads.watch(connection);
          http.handleEvent(connection);
        });
    AcceptingChannel<StreamConnection> server =
        io.worker()
            .createStreamConnectionServer(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                accept,
                OptionMap.EMPTY);
    server.resumeAccepts();
    return server;
  }

  private static int port(AcceptingChannel<StreamConnection> server) {
    return server.getLocalAddress(InetSocketAddress.class).getPort();
  }

  @Test
  void largeHead_withoutAPlace_waitsForOneWhileSmallOnesPass() throws Exception {
    LargeHeads heads = new LargeHeads(PLACES, _ -> {});
    try (IoWorker io = IoWorker.start()) {
      AcceptingChannel<StreamConnection> server = serve(heads, io);
      List<Socket> holders = new ArrayList<>();
      for (int i = 0; i < PLACES; i++) {
        Socket holder = open(port(server));
        write(holder, BEGIN + "a".repeat(2 * LargeHeads.USUAL_BYTES));
        holders.add(holder);
      }
      Await.until("the places are taken", Duration.ofSeconds(30), () -> heads.free() == 0);
      Socket small = open(port(server));
      List<Socket> waiting = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        Socket late = open(port(server));
        String whole = BEGIN + "b".repeat(3 * LargeHeads.USUAL_BYTES) + "\r\n\r\n";
        Thread.ofVirtual().start(() -> writeQuietly(late, whole));
        waiting.add(late);
      }
      for (int i = 0; i < 200; i++) {
        write(small, BEGIN + "c\r\n\r\n");
        assertThat(new String(small.getInputStream().readNBytes(12), ISO_8859_1))
            .isEqualTo("HTTP/1.1 200");
        byte[] _ = small.getInputStream().readNBytes(small.getInputStream().available());
      }
      assertThat(answered(waiting)).isZero();

      holders.getFirst().close();
      Await.until(
          "one place serves all who wait",
          Duration.ofSeconds(30),
          () -> answered(waiting) == waiting.size());
      write(holders.getLast(), "\r\n\r\n");
      assertThat(holders.getLast().getInputStream().read()).isEqualTo('H');
      server.close();
    }
  }

  private static void writeQuietly(Socket socket, String bytes) {
    try {
      write(socket, bytes);
    } catch (IOException closedByTheTest) {
      // What it was for is over.
      return;
    }
  }

  @Test
  void connectionsThatEnd_leaveNoPlaceTakenAndNothingWatched() throws Exception {
    LargeHeads heads = new LargeHeads(3, _ -> {});
    try (IoWorker io = IoWorker.start()) {
      AcceptingChannel<StreamConnection> server = serve(heads, io);
      int port = port(server);
      for (int i = 0; i < 20; i++) {
        write(open(port), i % 2 == 0 ? BEGIN : BEGIN + "a".repeat(2 * LargeHeads.USUAL_BYTES));
      }
      Await.until("the places are taken", Duration.ofSeconds(30), () -> heads.free() == 0);
      Await.until("all are accepted", Duration.ofSeconds(30), () -> heads.watched() == 20);
      closeAll();
      Await.until(
          "all is given back",
          Duration.ofSeconds(30),
          () -> heads.watched() == 0 && heads.free() == 3);
      // A body counts for nothing, and its request gives the place back.
      Socket socket = open(port);
      String head = BEGIN + "b".repeat(2 * LargeHeads.USUAL_BYTES) + "\r\nContent-Length: 200000";
      write(socket, head + "\r\n\r\n" + "c".repeat(200_000) + BEGIN + "d\r\n\r\n");
      Await.until("it is free again", Duration.ofSeconds(30), () -> heads.free() == 3);
      assertThat(socket.getInputStream().read()).isEqualTo('H');
      server.close();
    }
  }

  /// Half a gibibyte of heads that do not end, for a program that has a fifth of it.
  @Test
  void headsOfAMebibyte_onHundredsOfConnectionsAtOnce_doNotFillASmallHeap() throws Exception {
    try (PosternProcess postern =
        PosternProcess.startWith(
            Map.of("JAVA_TOOL_OPTIONS", "-Xmx96m"), directory, URI.create("http://127.0.0.1:9"))) {
      String part = BEGIN + "d".repeat(1_000_000);
      AtomicInteger begun = new AtomicInteger();
      for (int i = 0; i < 500; i++) {
        Socket socket = open(postern.authPort());
        Thread.ofVirtual()
            .start(() -> {
              begun.incrementAndGet();
              writeQuietly(socket, part);
            });
      }
      Await.until("all of them send", Duration.ofSeconds(30), () -> begun.get() == 500);
      for (int i = 0; i < 20; i++) {
        assertThat(postern.ping()).isEqualTo(200);
        assertThat(RawHttp.once(postern.authPort(), RawHttp.get("/x", "Host: x")).status())
            .isEqualTo(404);
      }
      closeAll();
      Await.until(
          "a large head is served again",
          Duration.ofSeconds(60),
          () ->
              RawHttp.once(postern.authPort(), BEGIN + "e".repeat(1_000_000) + "\r\n\r\n").status()
                  == 404);
      assertThat(postern.process().log()).doesNotContain("OutOfMemory");
    }
  }
}
