package dev.postern.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.net.Endpoint;
import dev.postern.net.HeaderLine;
import dev.postern.net.HeaderLines;
import dev.postern.net.HostName;
import dev.postern.net.LoopGuard;
import dev.postern.testing.Await;
import dev.postern.upstream.Admission;
import dev.postern.upstream.EventLoops;
import dev.postern.upstream.UpstreamClient;
import dev.postern.upstream.wire.RequestHead;
import dev.postern.upstream.wire.ResponseHead;
import dev.postern.verdict.InFlightBudget;
import dev.postern.verdict.UpstreamResponse;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Streaming between a request and an upstream whose bytes the test sends one by one.
class RelayStreamTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration NEVER = Duration.ofMinutes(10);
  private static final Duration SHORT = Duration.ofMillis(50);
  private static final Pace NO_PACE = new Pace(NEVER, NEVER, 0, 0);
  private static final Relay.Limits PATIENT = new Relay.Limits(NEVER, NEVER, NO_PACE);
  private static final int LARGE = 50_000_000;

  private final EventLoops loops = EventLoops.start();
  private final EventLoop loop = loops.group().next();
  private final Admission places = new Admission(4, 4);
  private final Admission bodyPlaces = new Admission(4, 4);
  private final InFlightBudget budget = new InFlightBudget(1 << 20);
  private final Queue<String> known = new ConcurrentLinkedQueue<>();
  private final List<Socket> open = new ArrayList<>();
  private ServerSocket listener;
  private UpstreamClient client;

  @BeforeEach
  void start() throws IOException {
    listener = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
    client =
        new UpstreamClient(
            new Endpoint(false, new HostName("127.0.0.1"), listener.getLocalPort(), ""),
            null,
            LoopGuard.of(new SecureRandom()));
  }

  @AfterEach
  void stop() throws IOException {
    loops.close();
    for (Socket socket : open) {
      socket.close();
    }
    listener.close();
  }

  /// The outcome that the test scripts.
  private final class Script implements Relay.Outcome {
    Relay.@Nullable Next next;
    boolean finishes;

    @Override
    public void known(@Nullable ResponseHead head) {
      known.add(head == null ? "none" : Integer.toString(head.status()));
    }

    @Override
    public Relay.Next next(ResponseHead head) {
      return next == null ? new Relay.Next.Pass(head.headers()) : next;
    }

    @Override
    public boolean finishesAfterAbort() {
      return finishes;
    }
  }

  private final Script script = new Script();

  private Relay.Resources parts(Duration timeout, Relay.Limits limits) {
    return new Relay.Resources(client, places, bodyPlaces, budget, timeout, limits);
  }

  private LoopExchange relay(boolean hasBody, Relay.Resources parts, String... lines) {
    List<HeaderLine> headers = new ArrayList<>();
    headers.add(new HeaderLine("Host", "app.example"));
    for (String line : lines) {
      String[] pair = line.split(": ", 2);
      headers.add(new HeaderLine(pair[0], pair[1]));
    }
    LoopExchange exchange = new LoopExchange(loop, hasBody);
    RequestHead head = new RequestHead(hasBody ? "POST" : "GET", "/path", HeaderLines.of(headers));
    loop.execute(() -> new Relay(parts, exchange, head, "192.0.2.1", script).enter());
    return exchange;
  }

  private LoopExchange relay(boolean hasBody, String... lines) {
    return relay(hasBody, parts(NEVER, PATIENT), lines);
  }

  private Socket accept() throws IOException {
    listener.setSoTimeout(30_000);
    Socket socket = listener.accept();
    open.add(socket);
    socket.setSoTimeout(30_000);
    return socket;
  }

  private static String readHead(Socket socket) throws IOException {
    StringBuilder head = new StringBuilder();
    while (!head.toString().endsWith("\r\n\r\n")) {
      int c = socket.getInputStream().read();
      if (c < 0) {
        throw new IOException("ended after " + head);
      }
      head.append((char) c);
    }
    return head.toString();
  }

  private static void write(Socket socket, String bytes) throws IOException {
    socket.getOutputStream().write(bytes.getBytes(ISO_8859_1));
  }

  private static String ok(String body) {
    return "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
  }

  private static <T> T get(CompletableFuture<T> future) throws Exception {
    return future.get(30, TimeUnit.SECONDS);
  }

  private void assertEverythingIsReleased() {
    Await.until("no byte is held", LONG, () -> budget.held() == 0);
    // The slot is released before the bytes are.
    for (Admission admission : List.of(places, bodyPlaces)) {
      List<Admission.Ticket> tickets = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        boolean[] granted = {false};
        tickets.add(admission.enter("client-" + i, () -> granted[0] = true));
        assertThat(granted[0]).as("a free slot").isTrue();
      }
      tickets.forEach(Admission.Ticket::leave);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 5\r\n\r\nhello",
        "Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3;x\r\nllo\r\n0\r\nT: t\r\n\r\n",
      })
  void response_ofEveryFraming_arrivesWholeAndItsConnectionIsKept(String framed) throws Exception {
    Socket upstream = null;
    for (int i = 0; i < 2; i++) {
      LoopExchange exchange = relay(false);
      upstream = upstream == null ? accept() : upstream;
      assertThat(readHead(upstream)).startsWith("GET /path HTTP/1.1\r\nHost: app.example\r\n");
      write(upstream, "HTTP/1.1 200 OK\r\n" + framed);
      assertThat(get(exchange.over)).isTrue();
      assertThat(exchange.responseBody()).isEqualTo("hello");
    }
    assertThat(known).containsExactly("200", "200");
    assertEverythingIsReleased();
  }

  @Test
  void head_goesOutBeforeTheFirstByteOfTheBody() throws Exception {
    LoopExchange exchange = relay(true);
    Socket upstream = accept();
    assertThat(readHead(upstream)).contains("\r\nTransfer-Encoding: chunked\r\n");
    get(exchange.bodyStarted);
    exchange.send("hello");
    assertThat(new String(upstream.getInputStream().readNBytes(10), ISO_8859_1))
        .isEqualTo("5\r\nhello\r\n");
    exchange.endBody();
    assertThat(new String(upstream.getInputStream().readNBytes(5), ISO_8859_1))
        .isEqualTo("0\r\n\r\n");
    write(upstream, ok("done"));
    assertThat(get(exchange.over)).isTrue();
    assertThat(exchange.responseBody()).isEqualTo("done");
    assertEverythingIsReleased();
  }

  @Test
  void body_ofDeclaredLength_isSentAsItIs() throws Exception {
    LoopExchange exchange = relay(true, "Content-Length: 5");
    Socket upstream = accept();
    assertThat(readHead(upstream))
        .contains("\r\nContent-Length: 5\r\n")
        .doesNotContain("Transfer-Encoding");
    exchange.send("hel");
    exchange.send("lo");
    exchange.endBody();
    assertThat(new String(upstream.getInputStream().readNBytes(5), ISO_8859_1)).isEqualTo("hello");
    write(upstream, ok(""));
    assertThat(get(exchange.over)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"he", "hello!"})
  void body_ofAnotherLengthThanDeclared_isNeverComplete(String body) throws Exception {
    LoopExchange exchange = relay(true, "Content-Length: 5");
    Socket upstream = accept();
    readHead(upstream);
    exchange.send(body);
    exchange.endBody();
    assertThat(upstream.getInputStream().readAllBytes().length).isLessThan(5);
    assertThat(get(exchange.status)).isEqualTo(502);
    assertEverythingIsReleased();
  }

  @Test
  void largeBodies_streamBothWays() throws Exception {
    LoopExchange exchange = relay(true);
    Socket upstream = accept();
    readHead(upstream);
    exchange.sendForEver();
    assertThat(upstream.getInputStream().readNBytes(LARGE)).hasSize(LARGE);
    write(upstream, "HTTP/1.1 200 OK\r\nContent-Length: " + LARGE + "\r\n\r\n");
    upstream.getOutputStream().write(new byte[LARGE]);
    assertThat(get(exchange.over)).isTrue();
    assertThat(exchange.received).hasValue(LARGE);
    get(exchange.bodyCancelled);
    assertEverythingIsReleased();
  }

  @Test
  void upstream_thatDoesNotRead_stopsTheBody() throws Exception {
    LoopExchange exchange = relay(true);
    Socket upstream = accept();
    readHead(upstream);
    exchange.sendForEver();
    Await.until("the body stops", LONG, exchange::isPaused);
    assertThat(exchange.uploaded.get()).isLessThan(LARGE);
    assertThat(upstream.getInputStream().readNBytes(LARGE)).hasSize(LARGE);
    exchange.cancelByClient();
    assertEverythingIsReleased();
  }

  @Test
  void client_thatDoesNotRead_stopsTheResponse() throws Exception {
    LoopExchange exchange = relay(false);
    Socket upstream = accept();
    readHead(upstream);
    exchange.full(true);
    write(upstream, "HTTP/1.1 200 OK\r\nContent-Length: " + LARGE + "\r\n\r\n");
    Thread writer =
        Thread.ofVirtual()
            .start(() -> {
              try {
                upstream.getOutputStream().write(new byte[LARGE]);
              } catch (IOException gone) {
                return;
              }
            });
    get(exchange.status);
    assertThat(writer.join(Duration.ofMillis(300))).as("all is written").isFalse();
    assertThat(exchange.received.get()).isLessThan(1 << 20);
    exchange.full(false);
    assertThat(get(exchange.over)).isTrue();
    assertThat(exchange.received).hasValue(LARGE);
  }

  @Test
  void upstream_thatRespondsEarly_isRelayedAndTheRestOfTheBodyDropped() throws Exception {
    LoopExchange exchange = relay(true);
    Socket upstream = accept();
    readHead(upstream);
    exchange.send("a part");
    write(upstream, "HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno");
    assertThat(get(exchange.status)).isEqualTo(413);
    assertThat(get(exchange.over)).isTrue();
    assertThat(exchange.responseBody()).isEqualTo("no");
    get(exchange.bodyCancelled);
    upstream.getInputStream().readAllBytes();
    assertEverythingIsReleased();
  }

  @Test
  void upstream_thatRespondsEarlyAndCloses_isRelayed() throws Exception {
    LoopExchange exchange = relay(true);
    Socket upstream = accept();
    readHead(upstream);
    exchange.sendForEver();
    write(upstream, "HTTP/1.1 413 Too Large\r\nConnection: close\r\nContent-Length: 2\r\n\r\nno");
    upstream.shutdownOutput();
    assertThat(get(exchange.over)).isTrue();
    assertThat(exchange.responseBody()).isEqualTo("no");
    assertEverythingIsReleased();
  }

  @Test
  void response_thatIsTruncated_doesNotLookComplete() throws Exception {
    LoopExchange exchange = relay(false);
    Socket upstream = accept();
    readHead(upstream);
    write(upstream, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf");
    upstream.close();
    assertThat(get(exchange.over)).isFalse();
    assertEverythingIsReleased();
  }

  @Test
  void body_thatIsTruncated_closesTheConnectionToTheUpstream() throws Exception {
    LoopExchange exchange = relay(true);
    Socket upstream = accept();
    readHead(upstream);
    exchange.send("half");
    exchange.breakBody();
    assertThat(new String(upstream.getInputStream().readAllBytes(), ISO_8859_1))
        .doesNotContain("0\r\n\r\n");
    exchange.cancelByClient();
    assertEverythingIsReleased();
    assertThat(known).containsExactly("none");
  }

  /// The stage that a request has reached.
  enum Stage {
    CONNECTED,
    HALF_SENT,
    SENT,
    HALF_A_HEAD,
    HALF_A_BODY
  }

  @ParameterizedTest
  @EnumSource(Stage.class)
  void client_thatLeavesAtAnyStage_endsTheRelayAndReleasesEverything(Stage stage) throws Exception {
    LoopExchange exchange = relay(true);
    Socket upstream = reach(stage, exchange);
    exchange.cancelByClient();
    upstream.getInputStream().readAllBytes();
    assertEverythingIsReleased();
    assertThat(known).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource(Stage.class)
  void upstream_thatClosesAtAnyStage_endsTheRelayAndReleasesEverything(Stage stage)
      throws Exception {
    LoopExchange exchange = relay(true);
    Socket upstream = reach(stage, exchange);
    upstream.setSoLinger(true, 0);
    upstream.close();
    if (stage == Stage.HALF_A_BODY) {
      assertThat(get(exchange.over)).isFalse();
    } else {
      assertThat(get(exchange.status)).isEqualTo(502);
    }
    assertEverythingIsReleased();
    assertThat(known).hasSize(1);
  }

  private Socket reach(Stage stage, LoopExchange exchange) throws Exception {
    Socket upstream = accept();
    readHead(upstream);
    get(exchange.bodyStarted);
    if (stage != Stage.CONNECTED) {
      exchange.send("half");
      upstream.getInputStream().readNBytes(9);
    }
    if (stage.compareTo(Stage.SENT) >= 0) {
      exchange.endBody();
      upstream.getInputStream().readNBytes(5);
    }
    if (stage == Stage.HALF_A_HEAD) {
      write(upstream, "HTTP/1.1 200 OK\r\nX: ");
    }
    if (stage == Stage.HALF_A_BODY) {
      write(upstream, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf");
      get(exchange.status);
    }
    return upstream;
  }

  @Test
  void sessionChange_whoseClientLeaves_isCompleted() throws Exception {
    script.finishes = true;
    LoopExchange exchange = relay(false);
    Socket upstream = accept();
    readHead(upstream);
    exchange.cancelByClient();
    get(exchange.over);
    write(upstream, "HTTP/1.1 302 Found\r\nContent-Length: 5\r\n\r\nhello");
    Await.until("the outcome is known", LONG, () -> !known.isEmpty());
    assertThat(known).containsExactly("302");
    assertEverythingIsReleased();
  }

  @Test
  void sessionChange_whoseClientLeavesDuringItsBody_cannotBeCompleted() throws Exception {
    script.finishes = true;
    LoopExchange exchange = relay(true);
    Socket upstream = accept();
    readHead(upstream);
    exchange.cancelByClient();
    upstream.getInputStream().readAllBytes();
    assertThat(known).containsExactly("none");
    assertEverythingIsReleased();
  }

  @Test
  void sessionChange_whoseClientLeavesAndWhoseUpstreamNeverResponds_endsAtTheLimit()
      throws Exception {
    script.finishes = true;
    LoopExchange exchange =
        relay(false, parts(NEVER, new Relay.Limits(NEVER, SHORT.multipliedBy(10), NO_PACE)));
    readHead(accept());
    exchange.cancelByClient();
    Await.until("the outcome is known", LONG, () -> !known.isEmpty());
    assertThat(known).containsExactly("none");
    assertEverythingIsReleased();
  }

  @Test
  void sessionChange_hasOneLimitInAll() throws Exception {
    script.finishes = true;
    LoopExchange exchange =
        relay(false, parts(SHORT.dividedBy(10), new Relay.Limits(NEVER, SHORT, NO_PACE)));
    accept();
    assertThat(get(exchange.status)).isEqualTo(504);
    assertThat(known).containsExactly("none");
    assertEverythingIsReleased();
  }

  @Test
  void request_withoutAResponseInTime_isATimeout() throws Exception {
    LoopExchange exchange = relay(false, parts(SHORT, PATIENT));
    accept();
    assertThat(get(exchange.status)).isEqualTo(504);
    assertEverythingIsReleased();
  }

  @Test
  void responseTimeout_beginsAtTheEndOfTheBody() throws Exception {
    LoopExchange exchange = relay(true, parts(SHORT, PATIENT));
    Socket upstream = accept();
    readHead(upstream);
    CompletableFuture<Boolean> later = new CompletableFuture<>();
    var _ =
        loop.schedule(
            () -> later.complete(exchange.status.isDone()),
            4 * SHORT.toMillis(),
            TimeUnit.MILLISECONDS);
    assertThat(get(later)).as("responded before the body has ended").isFalse();
    exchange.endBody();
    assertThat(get(exchange.status)).isEqualTo(504);
  }

  @Test
  void body_thatNeverArrives_endsWithItsOwnMessage() throws Exception {
    LoopExchange exchange =
        relay(true, parts(NEVER, new Relay.Limits(NEVER, NEVER, new Pace(SHORT, SHORT, 1000, 0))));
    Socket upstream = accept();
    readHead(upstream);
    assertThat(get(exchange.over)).isTrue();
    assertThat(exchange.status).isCompletedWithValue(408);
    assertThat(exchange.responseBody()).isEqualTo("The request's body was sent too slowly.\n");
    upstream.getInputStream().readAllBytes();
    assertEverythingIsReleased();
  }

  @Test
  void upstream_thatStopsReading_isATimeout() throws Exception {
    LoopExchange exchange =
        relay(
            true,
            parts(NEVER, new Relay.Limits(NEVER, NEVER, new Pace(SHORT, SHORT, 1L << 40, 0))));
    readHead(accept());
    exchange.sendForEver();
    assertThat(get(exchange.status)).isEqualTo(504);
    assertEverythingIsReleased();
  }

  @Test
  void response_thatStops_isAborted() throws Exception {
    LoopExchange exchange =
        relay(false, parts(NEVER, new Relay.Limits(NEVER, NEVER, new Pace(SHORT, SHORT, 1000, 0))));
    Socket upstream = accept();
    readHead(upstream);
    write(upstream, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf");
    assertThat(get(exchange.over)).isFalse();
    assertEverythingIsReleased();
  }

  @Test
  void bodiesThatNeverArrive_takeNoSlotOfRequestsWithoutOne() throws Exception {
    List<LoopExchange> slow = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      slow.add(relay(true));
    }
    readHead(accept());
    LoopExchange other = relay(false);
    Socket upstream = accept();
    readHead(upstream);
    write(upstream, ok("fine"));
    assertThat(get(other.over)).isTrue();
    slow.forEach(LoopExchange::cancelByClient);
    assertEverythingIsReleased();
  }

  @Test
  void request_withoutASlotInTime_isOverload() throws Exception {
    LoopExchange first = relay(false);
    readHead(accept());
    LoopExchange second = relay(false, parts(NEVER, new Relay.Limits(SHORT, NEVER, NO_PACE)));
    assertThat(get(second.status)).isEqualTo(503);
    assertThat(second.lines().first("Retry-After")).isEqualTo("1");
    first.cancelByClient();
    assertEverythingIsReleased();
  }

  @Test
  void response_thatIsReplaced_isDropped() throws Exception {
    script.next =
        new Relay.Next.Replace(
            new UpstreamResponse(401, HeaderLines.of(List.of()), "other".getBytes(ISO_8859_1)));
    LoopExchange exchange = relay(false);
    Socket upstream = accept();
    readHead(upstream);
    write(upstream, "HTTP/1.1 302 Found\r\nContent-Length: 500000\r\n\r\nhalf");
    assertThat(get(exchange.over)).isTrue();
    assertThat(exchange.status).isCompletedWithValue(401);
    assertThat(exchange.responseBody()).isEqualTo("other");
    upstream.getInputStream().readAllBytes();
    assertEverythingIsReleased();
  }

  @Test
  void response_thatIsHandedOver_isDroppedAndEverythingReleased() throws Exception {
    LoopExchange exchange = relay(true, "Content-Length: 4");
    script.next =
        new Relay.Next.HandOver(() -> {
          assertThat(known).containsExactly("200");
          exchange.respond(
              new UpstreamResponse(403, HeaderLines.of(List.of()), "other".getBytes(ISO_8859_1)));
        });
    Socket upstream = accept();
    readHead(upstream);
    exchange.send("body");
    exchange.endBody();
    upstream.getInputStream().readNBytes(4);
    write(upstream, "HTTP/1.1 200 OK\r\nContent-Length: 500000\r\n\r\nhalf");
    assertThat(get(exchange.over)).isTrue();
    assertThat(exchange.status).isCompletedWithValue(403);
    assertThat(exchange.responseBody()).isEqualTo("other");
    assertEverythingIsReleased();
  }
}
