package dev.postern.server.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.server.Exchange;
import dev.postern.server.edge.H2Client.Response;
import dev.postern.testing.Certificates;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// HTTP/2 limits: one request beyond a limit fails alone, while ten others on the same connection
/// are served byte for byte. What only a peer can cause ends its connection.
class Http2LimitsTest {
  private static final int OTHERS = 10;
  private static final int WINDOW = 65_535;

  @TempDir static Path directory;
  private static SSLContext client;
  private static EdgeTls tls;

  @BeforeAll
  static void certificate() throws IOException, GeneralSecurityException {
    client = Certificates.trustingAll();
    tls =
        new EdgeTls(
            Certificates.serving(Certificates.selfSigned(directory, "edge")),
            EdgeTls.Clients.NOT_ASKED);
  }

  private static EdgeStage stage() throws IOException {
    return EdgeStage.with(tls);
  }

  private static EdgeStage stage(UnaryOperator<ChangedLimits> change, boolean trusted)
      throws IOException {
    return EdgeStage.with(tls, limits -> change.apply(new ChangedLimits(limits)).limits(), trusted);
  }

  private static H2Client connect(EdgeStage stage) throws IOException {
    return H2Client.connect(stage.port(), client, WINDOW);
  }

  /// A violation by one request, and the status of its response.
  static Stream<Arguments> refused() {
    return Stream.of(
        Arguments.of("size", 431, H2Client.get("/head", "x", "v".repeat(1_048_576))),
        Arguments.of("size in lines", 431, many(1_000, "v".repeat(2_000))),
        Arguments.of("three times the size", 431, many(3_000, "v".repeat(1_000))),
        Arguments.of("lines", 431, many(10_001, "")),
        Arguments.of("many lines", 431, many(100_000, "")),
        Arguments.of("no method", 400, new String[] {":scheme", "https", ":path", "/"}),
        Arguments.of("method twice", 400, H2Client.get("/", ":method", "GET")),
        Arguments.of("path twice", 400, twice(":path", "/")),
        Arguments.of("authority twice", 400, twice(":authority", "a")),
        Arguments.of("scheme twice", 400, twice(":scheme", "https")),
        Arguments.of("unknown pseudo-header", 400, twice(":protocol", "websocket")),
        Arguments.of("path is empty", 400, H2Client.get("")),
        Arguments.of("path is no path", 400, H2Client.get("*")),
        Arguments.of("path with a fragment", 400, H2Client.get("/#a")),
        Arguments.of("path with a control", 400, H2Client.get("/a\u0001")),
        Arguments.of("two hosts", 400, H2Client.get("/", "host", "b")),
        Arguments.of("a host that is none", 400, H2Client.get("/", "host", "a", "host", "a")),
        Arguments.of("capitals", 400, H2Client.get("/", "Cookie", "a=1")),
        Arguments.of("name with a blank", 400, H2Client.get("/", "a b", "1")),
        Arguments.of("empty name", 400, H2Client.get("/", "", "1")),
        Arguments.of("value with a line's end", 400, H2Client.get("/", "a", "b\r\nc: d")),
        Arguments.of("value with NUL", 400, H2Client.get("/", "a", "b\0c")),
        Arguments.of("connection", 400, H2Client.get("/", "connection", "x-hop")),
        Arguments.of("te", 400, H2Client.get("/", "te", "gzip")),
        Arguments.of("upgrade", 400, H2Client.get("/", "upgrade", "h2c")),
        Arguments.of("coding", 400, H2Client.get("/", "transfer-encoding", "chunked")),
        Arguments.of("length", 400, H2Client.get("/", "content-length", "1")),
        Arguments.of("signed length", 400, H2Client.get("/", "content-length", "+0")));
  }

  private static String[] many(int count, String value) {
    String[] more = new String[2 * count];
    for (int i = 0; i < count; i++) {
      more[2 * i] = "x";
      more[2 * i + 1] = value;
    }
    return H2Client.get("/head", more);
  }

  private static String[] twice(String name, String value) {
    return new String[] {
      ":method", "GET", ":scheme", "https", ":authority", "a", ":path", "/", name, value
    };
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refused")
  void request_beyondALimit_failsAlone(String what, int status, String[] lines) throws Exception {
    try (EdgeStage stage = stage();
        H2Client h2 = connect(stage)) {
      Others others = new Others(stage, h2);
      Response refused = h2.await(h2.request(true, lines));
      assertThat(refused.status).isEqualTo(status);
      others.areServed();
      assertThat(h2.goAway).isEqualTo(-1);
      // Later lists can still be decoded: HPACK's state was kept.
      assertThat(h2.await(h2.request(true, H2Client.get("/"))).body).hasToString("ok");
      assertThat(stage.events).containsExactly(status == 431 ? label(what) : "malformed");
    }
  }

  private static String label(String what) {
    return what.contains("size") ? "head_size" : "head_lines";
  }

  /// Ten requests in flight on a connection, each with its own response.
  private static final class Others {
    private final H2Client h2;
    private final List<Integer> streams = new ArrayList<>();
    private final List<Exchange> exchanges = new ArrayList<>();

    Others(EdgeStage stage, H2Client h2) throws Exception {
      this.h2 = h2;
      for (int i = 0; i < OTHERS; i++) {
        streams.add(h2.request(true, H2Client.get("/hold", "cookie", "number=" + i)));
        exchanges.add(
            Objects.requireNonNull(stage.handler.held.poll(30, TimeUnit.SECONDS), "no request"));
      }
    }

    void areServed() throws IOException {
      for (int i = 0; i < OTHERS; i++) {
        Exchange exchange = exchanges.get(i);
        String cookie = exchange.head().headers().first("Cookie");
        exchange
            .eventLoop()
            .execute(() -> exchange.respond(EchoHandler.answer(200, "for " + cookie)));
        Response response = h2.await(streams.get(i));
        assertThat(response.body).hasToString("for number=" + i);
        assertThat(response.lines)
            .containsExactly(
                "x-test=yes", "content-length=" + response.body.length(), "date=" + EdgeStage.DATE);
      }
    }
  }

  @Test
  void head_ofAnySizeWithinTheLimits_isServedWithoutALineLost() throws Exception {
    try (EdgeStage stage = stage();
        H2Client h2 = connect(stage)) {
      Response response = h2.await(h2.request(true, many(9_998, "")));
      assertThat(response.body.toString().lines()).hasSize(2 + 9_999);
      String[] lines = new String[600];
      for (int i = 0; i < 600; i += 2) {
        lines[i] = "cookie";
        lines[i + 1] = "c" + i + "=" + "v".repeat(1_000);
      }
      response = h2.await(h2.request(true, H2Client.get("/head", lines)));
      String body = response.body.toString();
      for (int i = 0; i < 600; i += 2) {
        assertThat(body).contains("c" + i + "=");
      }
      assertThat(body.lines().filter(line -> line.startsWith("cookie="))).hasSize(1);
      assertThat(body).contains("; c598=").contains("host=a");
    }
  }

  @Test
  void bodies_beyondTheMemory_areRefusedAlone() throws Exception {
    try (EdgeStage stage =
            stage(
                limits ->
                    limits.with("memoryBytes", 400_000L).with("untrustedMemoryBytes", 200_000L),
                true);
        H2Client h2 = connect(stage)) {
      Others others = new Others(stage, h2);
      List<Integer> waiting = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        int stream =
            h2.request(
                false, ":method", "POST", ":scheme", "https", ":authority", "a", ":path", "/hold");
        waiting.add(stream);
        for (int piece = 0; piece < 4; piece++) {
          h2.data(stream, false, "x".repeat(16_000));
        }
      }
      h2.settle();
      long refused = waiting.stream().filter(stream -> h2.response(stream).status == 503).count();
      assertThat(refused).isBetween(4L, 9L);
      others.areServed();
      assertThat(stage.events).contains("memory");
    }
  }

  @Test
  void heads_beyondTheMemory_are503Alone() throws Exception {
    try (EdgeStage stage = stage(limits -> limits.with("memoryBytes", 1_000_000L), true);
        H2Client h2 = connect(stage)) {
      Others others = new Others(stage, h2);
      Response refused =
          h2.await(h2.request(true, H2Client.get("/head", "x", "v".repeat(800_000))));
      assertThat(refused.status).isEqualTo(503);
      assertThat(refused.values("retry-after")).containsExactly("1");
      others.areServed();
    }
  }

  /// Invariant 12: a client can use up only its own share.
  @Test
  void heads_beyondTheShareOfTheirClient_are503AndOthersServed() throws Exception {
    try (EdgeStage stage = stage(limits -> limits.with("memoryBytes", 16_000_000L), true);
        H2Client h2 = connect(stage)) {
      Others others = new Others(stage, h2);
      int alone = (int) stage.budget.held();
      for (int i = 0; i < 4; i++) {
        hold(stage, h2, "one", 400_000);
      }
      long full = stage.budget.held();
      Response refused = h2.await(h2.request(true, holding("one", 900_000)));
      assertThat(refused.status).isEqualTo(503);
      assertThat(refused.values("retry-after")).containsExactly("1");
      assertThat(refused.body).hasToString(Limit.CLIENT_MEMORY.sentence() + "\n");
      assertThat(stage.events).containsExactly("client_memory");
      // The memory of its head was released.
      until(() -> stage.budget.held() == full);
      hold(stage, h2, "two", 900_000);
      assertThat(h2.await(h2.request(true, H2Client.get("/head", "client", "one"))).status)
          .as("what is answered at once")
          .isEqualTo(200);
      assertThat(stage.budget.clients().clients()).isEqualTo(2);
      for (Exchange exchange = stage.handler.held.poll();
          exchange != null;
          exchange = stage.handler.held.poll()) {
        exchange.eventLoop().execute(exchange::abort);
      }
      until(() -> stage.budget.held() == alone);
      assertThat(stage.budget.clients().clients()).isZero();
      others.areServed();
    }
  }

  private static String[] holding(String client, int bytes) {
    return H2Client.get("/hold", "client", client, "x", "v".repeat(bytes));
  }

  private static void hold(EdgeStage stage, H2Client h2, String client, int bytes)
      throws Exception {
    int before = stage.handler.held.size();
    h2.request(true, holding(client, bytes));
    until(() -> stage.handler.held.size() > before);
  }

  @Test
  void bodies_beyondTheShareOfTheirClient_areRefusedAlone() throws Exception {
    try (EdgeStage stage =
            stage(
                limits ->
                    limits
                        .with("memoryBytes", 400_000L)
                        .with("headBytes", 10_000)
                        .with("headLines", 100),
                true);
        H2Client h2 = connect(stage)) {
      Others others = new Others(stage, h2);
      List<Integer> waiting = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        int stream =
            h2.request(
                false,
                ":method",
                "POST",
                ":scheme",
                "https",
                ":authority",
                "a",
                ":path",
                "/hold",
                "client",
                "one");
        waiting.add(stream);
        for (int piece = 0; piece < 3; piece++) {
          h2.data(stream, false, "x".repeat(16_000));
        }
      }
      h2.settle();
      assertThat(waiting.stream().map(stream -> h2.response(stream).status))
          .containsExactly(0, 0, 503);
      assertThat(stage.events).containsOnly("client_memory");
      others.areServed();
    }
  }

  @Test
  void headInSeveralFrames_whenTheMemoryIsInUse_is503Alone() throws Exception {
    try (EdgeStage stage = stage(limits -> limits.with("memoryBytes", 1_000_000L), true);
        H2Client h2 = connect(stage)) {
      Others others = new Others(stage, h2);
      int last;
      do {
        last = h2.request(true, H2Client.get("/hold", "x", "v".repeat(40_000)));
        h2.settle();
      } while (h2.response(last).status == 0);
      assertThat(h2.response(last).status).isEqualTo(503);
      for (int size : new int[] {100_000, 20_000, 400_000}) {
        Response refused = h2.await(h2.request(true, H2Client.get("/", "x", "v".repeat(size))));
        assertThat(refused.status).isIn(503, size < 40_000 ? 200 : 503);
      }
      others.areServed();
      assertThat(h2.goAway).isEqualTo(-1);
    }
  }

  @Test
  void headerBlocks_beyondTheReserve_endTheirConnection() throws Exception {
    try (EdgeStage stage = stage(limits -> limits.with("memoryBytes", 300_000L), true);
        H2Client h2 = connect(stage)) {
      h2.settle();
      h2.raw(H2Client.head(1, true, H2Client.block(H2Client.get("/", "x", "v".repeat(500_000)))));
      h2.awaitEnd();
      assertThat(stage.events).containsExactly("memory");
      until(() -> stage.budget.held() == 0);
    }
  }

  @Test
  void lines_thatAreShort_areCountedForWhatTheyCost() throws Exception {
    try (EdgeStage stage = stage(limits -> limits.with("memoryBytes", 900_000L), true);
        H2Client h2 = connect(stage)) {
      assertThat(h2.await(h2.request(true, many(9_999, ""))).status).isEqualTo(503);
      assertThat(h2.await(h2.request(true, many(5_000, ""))).status).isEqualTo(200);
    }
  }

  @Test
  void streams_beyondTheirNumber_areRefusedAlone() throws Exception {
    try (EdgeStage stage = stage(limits -> limits.with("streams", OTHERS), true);
        H2Client h2 = connect(stage)) {
      h2.settle();
      Others others = new Others(stage, h2);
      assertThat(h2.awaitReset(h2.request(true, H2Client.get("/"))).reset).isEqualTo(7);
      others.areServed();
    }
  }

  @Test
  void streams_beyondTheirNumber_areRefusedWithoutAcknowledgedSettings() throws Exception {
    try (EdgeStage stage = stage(limits -> limits.with("untrustedStreams", OTHERS), false);
        H2Client h2 = connect(stage)) {
      h2.acknowledges = false;
      Others others = new Others(stage, h2);
      assertThat(h2.awaitReset(h2.request(true, H2Client.get("/"))).reset).isEqualTo(7);
      others.areServed();
    }
  }

  @Test
  void framesOnARefusedStream_areDropped() throws Exception {
    try (EdgeStage stage = stage(limits -> limits.with("streams", OTHERS), true);
        H2Client h2 = connect(stage)) {
      h2.settle();
      Others others = new Others(stage, h2);
      long held = stage.budget.held();
      int stream = h2.request(false, H2Client.get("/", "x", "v".repeat(100_000)));
      // More than the connection's window.
      for (int i = 0; i < 60; i++) {
        h2.data(stream, false, "x".repeat(16_000));
      }
      h2.room(stream, 1_000);
      h2.raw(H2Client.head(stream, true, H2Client.block("trailer", "v".repeat(100_000))));
      int cancelled = h2.request(true, H2Client.get("/"));
      h2.frame(H2Client.RST_STREAM, 0, cancelled, new byte[] {0, 0, 0, 8});
      assertThat(h2.awaitReset(stream).reset).isEqualTo(7);
      assertThat(h2.awaitReset(cancelled).reset).isEqualTo(7);
      h2.settle();
      assertThat(stage.budget.held()).isEqualTo(held);
      others.areServed();
      assertThat(h2.goAway).isEqualTo(-1);
      assertThat(h2.counts.get(H2Client.RST_STREAM)).isEqualTo(2);
    }
  }

  @Test
  void list_beyondTheLargestThatNettyKnows_is431Alone() throws Exception {
    try (EdgeStage stage = stage();
        H2Client h2 = connect(stage)) {
      Others others = new Others(stage, h2);
      byte[] once = H2Client.block("x", "v".repeat(4_000));
      // A literal with indexing: the line becomes the first of the dynamic table, and the bytes
      // 0xbe refer to it.
      once[0] = 0x40;
      byte[] block = java.util.Arrays.copyOf(once, once.length + 1_100_000);
      java.util.Arrays.fill(block, once.length, block.length, (byte) 0xbe);
      int stream = h2.nextStream();
      h2.raw(H2Client.head(stream, true, block));
      assertThat(h2.await(stream).status).isEqualTo(431);
      others.areServed();
      assertThat(h2.goAway).isEqualTo(-1);
      assertThat(stage.events).containsExactly("head_size");
    }
  }

  @Test
  void block_cutOffAfterAMillionBytes_isNoLongerCounted() throws Exception {
    try (EdgeStage stage = stage();
        H2Client h2 = connect(stage)) {
      byte[] good = H2Client.block(H2Client.get("/", "x", "v".repeat(500_000)));
      byte[] block = java.util.Arrays.copyOf(good, good.length + 1);
      block[good.length] = (byte) 0x80;
      h2.raw(H2Client.head(h2.nextStream(), true, block));
      h2.awaitEnd();
      until(() -> stage.budget.held() == 0);
    }
  }

  @Test
  void head_ofAnAnsweredRequest_isCountedUntilItsStreamIsOver() throws Exception {
    try (EdgeStage stage = stage();
        H2Client h2 = connect(stage)) {
      h2.settle();
      long alone = stage.limits.tlsConnectionBytes();
      String[] lines = H2Client.get("/", "x", "v".repeat(100_000));
      int stream = h2.request(false, lines);
      assertThat(h2.await(stream).body).hasToString("ok");
      assertThat(stage.handler.completions.poll(30, TimeUnit.SECONDS)).isNotNull();
      assertThat(stage.budget.held()).isGreaterThan(alone + 100_000L);
      // A body that arrives byte by byte does not keep it longer.
      stage.advance(Duration.ofSeconds(16));
      h2.data(stream, false, "drop");
      h2.settle();
      stage.passes(Duration.ofSeconds(16));
      assertThat(h2.awaitReset(stream).reset).isZero();
      until(() -> stage.budget.held() == alone);
      int ended = h2.request(false, lines);
      assertThat(h2.await(ended).body).hasToString("ok");
      h2.data(ended, true, "all");
      until(() -> stage.budget.held() == alone);
    }
  }

  @Test
  void body_ofAnySize_isEchoedWithBackpressure() throws Exception {
    try (EdgeStage stage = stage();
        H2Client h2 = connect(stage)) {
      int stream =
          h2.request(
              false, ":method", "POST", ":scheme", "https", ":authority", "a", ":path", "/echo");
      StringBuilder sent = new StringBuilder();
      for (int i = 0; i < 40; i++) {
        String piece = String.valueOf((char) ('a' + i % 26)).repeat(16_000);
        sent.append(piece);
        h2.data(stream, i == 39, piece);
        while (h2.response(stream).body.length() < sent.length()) {
          h2.take(h2.read());
        }
      }
      assertThat(h2.await(stream).body).hasToString(sent.toString());
    }
  }

  @Test
  void body_thatDoesNotFitItsLength_isMalformedAlone() throws Exception {
    try (EdgeStage stage = stage();
        H2Client h2 = connect(stage)) {
      Others others = new Others(stage, h2);
      String[] head = {
        ":method",
        "POST",
        ":scheme",
        "https",
        ":authority",
        "a",
        ":path",
        "/whole",
        "content-length",
        "5"
      };
      int tooShort = h2.request(false, head);
      h2.data(tooShort, true, "four");
      assertThat(h2.awaitReset(tooShort).status).isEqualTo(400);
      int tooLong = h2.request(false, head);
      h2.data(tooLong, false, "sixsix");
      assertThat(h2.awaitReset(tooLong).reset).isEqualTo(1);
      others.areServed();
    }
  }

  @Test
  void body_thatDoesNotArrive_is408Alone() throws Exception {
    try (EdgeStage stage = stage();
        H2Client h2 = connect(stage)) {
      Others others = new Others(stage, h2);
      int stream =
          h2.request(
              false, ":method", "POST", ":scheme", "https", ":authority", "a", ":path", "/whole");
      h2.data(stream, false, "part");
      h2.settle();
      stage.passes(Duration.ofSeconds(31));
      assertThat(h2.await(stream).status).isEqualTo(408);
      others.areServed();
      assertThat(stage.events).containsExactly("body_progress");
    }
  }

  @Test
  void response_withoutAWindow_isResetAlone() throws Exception {
    try (EdgeStage stage = stage();
        H2Client h2 = connect(stage)) {
      Others others = new Others(stage, h2);
      h2.givesRoom = false;
      int stream = h2.request(true, H2Client.get("/large"));
      h2.settle();
      assertThat(h2.response(stream).ended).isFalse();
      // Opens the connection's window for the others, but not this stream's.
      h2.room(0, 1_000_000);
      stage.passes(Duration.ofSeconds(31));
      assertThat(h2.awaitReset(stream).reset).isEqualTo(8);
      h2.givesRoom = true;
      others.areServed();
      assertThat(stage.events).containsExactly("write_progress");
    }
  }

  @ParameterizedTest
  @org.junit.jupiter.params.provider.ValueSource(strings = {"/large", "/piece"})
  void response_withASlowlyGrowingWindow_continues(String path) throws Exception {
    try (EdgeStage stage = stage();
        H2Client h2 = connect(stage)) {
      h2.settle();
      h2.givesRoom = false;
      int stream = h2.request(true, H2Client.get(path));
      h2.settle();
      h2.room(0, 1_000_000);
      int room = WINDOW;
      for (int i = 0; i < 10; i++) {
        stage.advance(Duration.ofSeconds(20));
        room += 4096;
        h2.room(stream, 4096);
        while (h2.response(stream).body.length() < room) {
          assertThat(h2.response(stream).reset).isEqualTo(-1);
          h2.take(h2.read());
        }
      }
      h2.room(stream, 1_000_000);
      assertThat(h2.await(stream).body).hasSize(EchoHandler.LARGE_BYTES);
      assertThat(stage.events).isEmpty();
    }
  }

  @Test
  void response_withoutBody_declaresNone() throws Exception {
    try (EdgeStage stage = stage();
        H2Client h2 = connect(stage)) {
      Response response = h2.await(h2.request(true, H2Client.get("/unmodified")));
      assertThat(response.status).isEqualTo(304);
      assertThat(response.values("content-length")).isEmpty();
    }
  }

  @Test
  void response_ofAnySize_waitsForTheWindow() throws Exception {
    try (EdgeStage stage = stage();
        H2Client h2 = H2Client.connect(stage.port(), client, 1_000)) {
      int stream = h2.request(true, H2Client.get("/large"));
      assertThat(h2.await(stream).body).hasSize(EchoHandler.LARGE_BYTES);
      assertThat(Objects.requireNonNull(stage.handler.completions.poll(30, TimeUnit.SECONDS)))
          .matches(Exchange.Completion::complete)
          .matches(completion -> completion.bytesSent() == EchoHandler.LARGE_BYTES);
    }
  }

  @Test
  void memory_isReleasedAtTheEnd() throws Exception {
    try (EdgeStage stage = stage()) {
      try (H2Client h2 = connect(stage)) {
        h2.await(h2.request(true, H2Client.get("/head", "x", "v".repeat(500_000))));
        h2.await(h2.request(true, H2Client.get("/head", "x", "v".repeat(1_500_000))));
        h2.await(h2.request(true, many(20_000, "v")));
        int held =
            h2.request(
                false, ":method", "POST", ":scheme", "https", ":authority", "a", ":path", "/hold");
        h2.data(held, false, "x".repeat(10_000));
        h2.request(true, H2Client.get("/large"));
        h2.settle();
      }
      until(() -> stage.server().openConnections() == 0);
      until(() -> stage.budget.held() == 0);
    }
  }

  /// What only a peer can cause.
  static Stream<Arguments> floods() {
    byte[] ping = H2Client.bytes(H2Client.PING, 0, 0, new byte[8]);
    byte[] settings = H2Client.bytes(H2Client.SETTINGS, 0, 0, new byte[0]);
    byte[] priority = H2Client.bytes(H2Client.PRIORITY, 0, 1, new byte[] {0, 0, 0, 0, 1});
    byte[] unknown = H2Client.bytes(99, 0, 0, new byte[0]);
    byte[] window = H2Client.bytes(H2Client.WINDOW_UPDATE, 0, 0, new byte[] {0, 0, 0, 1});
    return Stream.of(
        Arguments.of("PING", ping, 11_000),
        Arguments.of("SETTINGS", settings, 11_000),
        Arguments.of("PRIORITY", priority, 11_000),
        Arguments.of("unknown", unknown, 11_000),
        Arguments.of("WINDOW_UPDATE", window, 170_000));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("floods")
  void controlFrames_withoutRequests_endTheConnection(String what, byte[] frame, int count)
      throws Exception {
    try (EdgeStage stage = stage();
        H2Client h2 = connect(stage)) {
      byte[] flood = new byte[frame.length * count];
      for (int i = 0; i < count; i++) {
        System.arraycopy(frame, 0, flood, i * frame.length, frame.length);
      }
      Thread writer = Thread.startVirtualThread(() -> sendQuietly(h2, flood));
      h2.awaitEnd();
      writer.join();
      assertThat(h2.goAway).isEqualTo(11);
      assertThat(stage.events).containsExactly("control_frames");
      // Others are served.
      try (H2Client other = connect(stage)) {
        assertThat(other.await(other.request(true, H2Client.get("/"))).body).hasToString("ok");
      }
    }
  }

  private static void sendQuietly(H2Client h2, byte[] bytes) {
    try {
      h2.raw(bytes);
    } catch (IOException closed) {
      // The server ends the connection during this write.
    }
  }

  @Test
  void cancelledRequests_doNotEndTheConnectionOfATrustedPeer() throws Exception {
    try (EdgeStage stage = stage();
        H2Client h2 = connect(stage)) {
      Others others = new Others(stage, h2);
      for (int i = 0; i < 12_000; i++) {
        int stream = h2.request(true, H2Client.get("/hold"));
        h2.frame(H2Client.RST_STREAM, 0, stream, new byte[] {0, 0, 0, 8});
        // Go's client sends a PING with each reset.
        h2.frame(H2Client.PING, 0, 0, new byte[8]);
        stage.handler.held.clear();
        if (i % 100 == 0) {
          h2.settle();
        }
      }
      others.areServed();
      assertThat(h2.goAway).isEqualTo(-1);
    }
  }

  @Test
  void resets_ofAnUntrustedPeer_endTheConnection() throws Exception {
    try (EdgeStage stage = stage(limits -> limits, false);
        H2Client h2 = connect(stage)) {
      for (int i = 0; i < 201; i++) {
        int stream = h2.request(true, H2Client.get("/hold"));
        h2.frame(H2Client.RST_STREAM, 0, stream, new byte[] {0, 0, 0, 8});
      }
      h2.awaitEnd();
      assertThat(h2.goAway).isEqualTo(11);
      assertThat(stage.events).containsExactly("resets");
    }
  }

  @Test
  void headerBlock_withoutEnd_endsTheConnection() throws Exception {
    try (EdgeStage stage = stage();
        H2Client h2 = connect(stage)) {
      h2.settle();
      h2.frame(H2Client.HEADERS, 0, 1, H2Client.block(H2Client.get("/")));
      byte[] more = H2Client.block("x", "v".repeat(16_000));
      Thread writer =
          Thread.startVirtualThread(() -> {
            for (int i = 0; i < 400; i++) {
              sendQuietly(h2, H2Client.bytes(H2Client.CONTINUATION, 0, 1, more));
            }
          });
      h2.awaitEnd();
      writer.join();
      assertThat(stage.events).containsExactly("header_block");
      until(() -> stage.budget.held() == 0);
    }
  }

  @Test
  void headerBlock_thatDoesNotArrive_endsTheConnection() throws Exception {
    try (EdgeStage stage = stage();
        H2Client h2 = connect(stage)) {
      h2.settle();
      h2.frame(H2Client.HEADERS, 0, 1, H2Client.block(H2Client.get("/")));
      until(() -> stage.budget.held() > stage.limits.tlsConnectionBytes());
      stage.passes(Duration.ofSeconds(11));
      h2.awaitEnd();
      assertThat(stage.events).containsExactly("head_time");
    }
  }

  @Test
  void connection_withoutRequests_isClosedWithAGoaway() throws Exception {
    try (EdgeStage stage = stage();
        H2Client h2 = connect(stage)) {
      h2.await(h2.request(true, H2Client.get("/")));
      h2.settle();
      stage.passes(Duration.ofSeconds(100));
      assertThat(h2.await(h2.request(true, H2Client.get("/"))).status).isEqualTo(200);
      stage.passes(Duration.ofSeconds(181));
      while (h2.goAway < 0) {
        h2.take(h2.read());
      }
      stage.passes(Duration.ofSeconds(2));
      h2.awaitEnd();
      assertThat(h2.goAway).isZero();
    }
  }

  @Test
  void goAway_losesNoRequest() throws Exception {
    try (EdgeStage stage = stage();
        H2Client h2 = connect(stage)) {
      Others others = new Others(stage, h2);
      stage.server().goAway();
      while (h2.goAway < 0) {
        h2.take(h2.read());
      }
      assertThat(h2.await(h2.request(true, H2Client.get("/"))).body).hasToString("ok");
      stage.passes(Duration.ofSeconds(2));
      others.areServed();
      h2.awaitEnd();
      assertThat(h2.goAway).isZero();
    }
  }

  private static void until(java.util.concurrent.Callable<Boolean> condition) {
    dev.postern.testing.Await.until("the memory is counted", Duration.ofSeconds(30), condition);
  }
}
