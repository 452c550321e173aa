package dev.postern.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.testing.Await;
import dev.postern.testing.CountingProxy;
import dev.postern.testing.EchoBackend;
import dev.postern.testing.RawHttp;
import dev.postern.testing.RawMessage;
import dev.postern.testing.program.FreePorts;
import dev.postern.testing.program.NeedsTraefik;
import dev.postern.testing.program.PosternProcess;
import dev.postern.testing.program.Traefik;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Checks with a body through real Traefik: bodies of any size are streamed to the identity
/// provider with little memory, while ten other requests are in flight on the same connection.
@NeedsTraefik
class ForwardBodyIT {
  private static final String HOST = "app.example.test";
  private static final int OTHERS = 10;
  private static final int PIECE = 65_536;
  private static final List<Long> SIZES =
      List.of(
          0L,
          1L,
          16_383L,
          16_384L,
          65_535L,
          65_536L,
          1_048_576L,
          2_097_153L,
          9_999_999L,
          40_000_000L);

  /// As large as Traefik can forward within its 30 s for a check, also on a busy machine. Can be
  /// raised to a gibibyte (`-Dpostern.body.bytes=1073741824`).
  private static final long LARGE = Long.getLong("postern.body.bytes", 1L << 27);

  private static final long MOST_MEMORY_KIB = 512 * 1024;

  @TempDir Path directory;
  private final EchoBackend backend = new EchoBackend();
  private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
  private final Upstream upstream = new Upstream();
  private PosternProcess postern;
  private CountingProxy network;
  private Traefik traefik;

  ForwardBodyIT() throws IOException {}

  @BeforeEach
  void start() throws IOException {
    int port = FreePorts.find(1).getFirst();
    postern =
        PosternProcess.startWith(
            Map.of("JAVA_TOOL_OPTIONS", "-Xmx192m"),
            directory,
            upstream.url(),
            "--entryPoints.auths.address=127.0.0.1:" + port,
            "--entryPoints.auths.forwardedHeaders.trustedIPs=127.0.0.1/32",
            "--upstream.timeout=24s",
            "--cache.loginLimit.average=0");
    network = new CountingProxy(port);
    traefik =
        SharedConnectionIT.traefik(directory.resolve("traefik"), network.port(), backend.url());
    assertThat(get("/", "first").status()).isEqualTo(200);
  }

  @AfterEach
  void stop() throws IOException {
    upstream.open.countDown();
    clients.shutdownNow();
    traefik.close();
    network.close();
    postern.close();
    upstream.close();
    backend.close();
  }

  private static String head(String method, String path, String name, String... more) {
    List<String> lines =
        new ArrayList<>(
            List.of(
                "Host: " + HOST,
                "X-Forwarded-For: 192.0.2." + Math.floorMod(name.hashCode(), 250),
                "Cookie: authentik_proxy_51a54282=" + name));
    lines.addAll(List.of(more));
    return RawHttp.request(method, path, lines);
  }

  private RawMessage get(String path, String name) throws IOException {
    return RawHttp.once(traefik.port("web"), head("GET", path, name));
  }

  /// Posts a body without repeated pieces.
  ///
  /// @return the upstream's report of what it read, and the expected report
  private List<String> post(long size, String name) throws IOException {
    CRC32 sum = new CRC32();
    try (RawHttp http = RawHttp.connect(traefik.port("web"))) {
      http.send(head("POST", "/count", name, "Content-Length: " + size));
      long sent = 0;
      while (sent < size) {
        int length = (int) Math.min(PIECE, size - sent);
        String piece = ("piece at " + sent + " " + "x".repeat(PIECE)).substring(0, length);
        http.send(piece);
        sum.update(piece.getBytes(ISO_8859_1));
        sent += length;
      }
      RawMessage response = http.read();
      return List.of(
          response.status() + " " + response.body(), "403 " + size + " " + sum.getValue());
    }
  }

  @Test
  void body_ofAnySize_reachesTheUpstreamWhileOthersAreInFlight() throws Exception {
    WaitingUsers others = new WaitingUsers();
    for (long size : SIZES) {
      for (int i = 0; i < 2; i++) {
        List<String> result = post(size, "poster");
        assertThat(result.get(0)).isEqualTo(result.get(1));
      }
    }
    others.areServed();
  }

  @Test
  void body_ofManyMebibytes_isStreamedInLittleMemoryWhileOthersAreServed() throws Exception {
    AtomicBoolean ended = new AtomicBoolean();
    List<Future<Integer>> others = new ArrayList<>();
    for (int i = 0; i < OTHERS; i++) {
      String name = "other-" + i;
      others.add(clients.submit(() -> browse(name, ended)));
    }
    List<String> result = post(LARGE, "poster");
    ended.set(true);
    assertThat(result.get(0)).isEqualTo(result.get(1));
    for (Future<Integer> other : others) {
      assertThat(other.get(30, TimeUnit.SECONDS)).isPositive();
    }
    assertThat(network.connections()).isOne();
    assertThat(maxMemory()).isLessThan(MOST_MEMORY_KIB);
  }

  /// Requests pages over one connection, alternately as hit and miss. One connection, so that a
  /// long upload does not use up the machine's ports.
  ///
  /// @return how many pairs of requests were served
  private int browse(String name, AtomicBoolean ended) throws IOException, InterruptedException {
    int count = 0;
    try (RawHttp http = RawHttp.connect(traefik.port("web"))) {
      while (!ended.get()) {
        for (String person : List.of(name, name + "-" + count)) {
          http.send(head("GET", "/", person));
          isServed(http.read(), person);
        }
        count++;
        Thread.sleep(100);
      }
    }
    return count;
  }

  /// Postern's maximum resident memory in KiB.
  private long maxMemory() throws IOException {
    return Files.readAllLines(Path.of("/proc/" + postern.process().pid() + "/status")).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void uploads_thatAreGivenUpAtAnyStage_failAloneAndLeaveNothing() throws Exception {
    WaitingUsers others = new WaitingUsers();
    String whole = "b".repeat(300_000);
    String request = head("POST", "/hold-body", "quitter", "Content-Length: 300000") + whole;
    int[] stages = {10, request.length() - 300_000, request.length() - 1, request.length()};
    for (int i = 0; i < 80; i++) {
      try (RawHttp http = RawHttp.connect(traefik.port("web"))) {
        http.send(request.substring(0, stages[i % stages.length]));
        if (i % stages.length == 3) {
          int before = i / 4;
          Await.until(
              "the body is at the upstream",
              Duration.ofSeconds(20),
              () -> upstream.bodies.get() > before);
        }
      }
    }
    others.areServed();
    List<String> result = post(1_000_000, "quitter");
    assertThat(result.get(0)).isEqualTo(result.get(1));
  }

  @Test
  void upstream_thatRespondsEarly_isRelayed() throws Exception {
    WaitingUsers others = new WaitingUsers();
    for (int i = 0; i < 5; i++) {
      try (RawHttp http = RawHttp.connect(traefik.port("web"))) {
        http.send(head("POST", "/early", "early", "Content-Length: 20000000"));
        for (int sent = 0; sent < 20; sent++) {
          http.send("e".repeat(1_000_000));
        }
        RawMessage response = http.read();
        assertThat(response.status()).isEqualTo(403);
        assertThat(response.body()).isEqualTo("early");
      }
    }
    others.areServed();
    List<String> result = post(100_000, "early");
    assertThat(result.get(0)).isEqualTo(result.get(1));
  }

  private static void isServed(RawMessage response, String name) {
    assertThat(response.status()).isEqualTo(200);
    assertThat(response.body()).contains("X-Authentik-Uid: " + name + "\r\n");
  }

  /// Ten users whose checks wait at the upstream.
  private final class WaitingUsers {
    private final List<Future<RawMessage>> responses = new ArrayList<>();

    WaitingUsers() {
      for (int i = 0; i < OTHERS; i++) {
        String name = "held-" + i;
        responses.add(clients.submit(() -> get("/hold", name)));
      }
      Await.until("ten wait", Duration.ofSeconds(20), () -> upstream.waiting.get() == OTHERS);
    }

    void areServed() throws Exception {
      upstream.open.countDown();
      for (int i = 0; i < OTHERS; i++) {
        isServed(responses.get(i).get(30, TimeUnit.SECONDS), "held-" + i);
      }
      assertThat(network.connections()).as("connections of Traefik").isOne();
    }
  }

  /// An identity provider that reads bodies without keeping them.
  private static final class Upstream implements AutoCloseable {
    private final ServerSocket listener =
        new ServerSocket(0, 1024, InetAddress.getLoopbackAddress());
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final CountDownLatch open = new CountDownLatch(1);
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicInteger bodies = new AtomicInteger();

    Upstream() throws IOException {
      Thread.ofVirtual().start(this::accept);
    }

    URI url() {
      return URI.create("http://127.0.0.1:" + listener.getLocalPort());
    }

    private void accept() {
      while (!listener.isClosed()) {
        try {
          Socket socket = listener.accept();
          sockets.add(socket);
          Thread.ofVirtual().start(() -> serve(socket));
        } catch (IOException closed) {
          return;
        }
      }
    }

    private void serve(Socket socket) {
      try (socket) {
        InputStream in = new BufferedInputStream(socket.getInputStream(), PIECE);
        while (true) {
          String head = readHead(in);
          String response = respond(head, in);
          socket.getOutputStream().write(response.getBytes(ISO_8859_1));
          socket.getOutputStream().flush();
          if (response.contains("Connection: close")) {
            socket.shutdownOutput();
            in.skipNBytes(Long.MAX_VALUE);
          }
        }
      } catch (IOException | InterruptedException ended) {
        // The client has closed the connection.
        return;
      }
    }

    private String respond(String head, InputStream in) throws IOException, InterruptedException {
      String uri = value(head, "x-forwarded-uri");
      String name = value(head, "cookie").replace("authentik_proxy_51a54282=", "");
      if (uri.equals("/early")) {
        return "HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 5\r\n\r\nearly";
      }
      String read = readBody(head, in);
      switch (uri) {
        case "/hold" -> {
          waiting.incrementAndGet();
          open.await();
        }
        case "/hold-body" -> {
          bodies.incrementAndGet();
          open.await();
        }
        case "/count" -> {
          return "HTTP/1.1 403 Forbidden\r\nContent-Length: " + read.length() + "\r\n\r\n" + read;
        }
        default -> {
          // Every client has an identity here.
        }
      }
      return "HTTP/1.1 200 OK\r\nX-authentik-uid: " + name + "\r\nContent-Length: 0\r\n\r\n";
    }

    private static String readHead(InputStream in) throws IOException {
      StringBuilder head = new StringBuilder();
      while (!head.toString().endsWith("\r\n\r\n")) {
        head.append(readLine(in)).append("\r\n");
      }
      return head.toString();
    }

    private static String readLine(InputStream in) throws IOException {
      StringBuilder line = new StringBuilder();
      for (int b = in.read(); b != '\n'; b = in.read()) {
        if (b < 0) {
          throw new EOFException();
        }
        if (b != '\r') {
          line.append((char) b);
        }
      }
      return line.toString();
    }

    private static String value(String head, String name) {
      return head.lines()
          .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
          .map(line -> line.substring(name.length() + 1).strip())
          .findFirst()
          .orElse("");
    }

    /// @return number of bytes, and their sum
    private static String readBody(String head, InputStream in) throws IOException {
      CRC32 sum = new CRC32();
      long count = 0;
      String length = value(head, "content-length");
      if (!length.isEmpty()) {
        count = Long.parseLong(length);
        take(in, count, sum);
      } else if (value(head, "transfer-encoding").equals("chunked")) {
        for (long size = chunk(in); size > 0; size = chunk(in)) {
          take(in, size, sum);
          count += size;
          readLine(in);
        }
        readLine(in);
      }
      return count + " " + sum.getValue();
    }

    private static long chunk(InputStream in) throws IOException {
      return Long.parseLong(readLine(in), 16);
    }

    private static void take(InputStream in, long size, CRC32 sum) throws IOException {
      byte[] buffer = new byte[PIECE];
      for (long left = size; left > 0; ) {
        int n = in.read(buffer, 0, (int) Math.min(PIECE, left));
        if (n < 0) {
          throw new EOFException();
        }
        sum.update(buffer, 0, n);
        left -= n;
      }
    }

    @Override
    public void close() throws IOException {
      listener.close();
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }
}
