package dev.postern.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.app.Sidecar;
import dev.postern.app.StartException;
import dev.postern.e2e.StoringRules.Expected;
import dev.postern.net.LoopGuard;
import dev.postern.testing.AdminApi;
import dev.postern.testing.Field;
import dev.postern.testing.Fields;
import dev.postern.testing.PosternConfig;
import dev.postern.testing.RawHttp;
import dev.postern.testing.RawMessage;
import dev.postern.testing.upstream.Exchange;
import dev.postern.testing.upstream.Exchanges;
import dev.postern.testing.upstream.RecordingUpstream;
import dev.postern.testing.upstream.ReplayUpstream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Replays every recorded response of a real outpost through Postern, and requests it twice.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExchangeReplayTest {
  private static final List<Exchange> ALL = Exchanges.all();

  /// A control character in a header: RFC 9110 section 5.5 lets a server refuse it, and the
  /// outpost's own server does so before the outpost sees the request.
  private static final Set<Integer> REFUSED = Set.of(40, 41);

  private static final String[] HOP_BY_HOP = {
    "Connection", "Keep-Alive", "Transfer-Encoding", "Content-Length",
  };

  private final ReplayUpstream upstream = new ReplayUpstream();
  private Sidecar postern;
  private AdminApi admin;

  @BeforeAll
  void start(@TempDir Path state) throws StartException {
    postern = Sidecar.start(PosternConfig.of(upstream.url(), state).cacheStatusToClients().build());
    admin = new AdminApi(postern.adminPort());
  }

  /// Prevents follow-up failures in other cases.
  @BeforeEach
  void forget() throws IOException {
    admin.revoke("{\"all\":true}");
  }

  @AfterAll
  void stop() {
    if (postern != null) {
      postern.close();
    }
    upstream.close();
  }

  static Stream<Exchange> relayed() {
    return ALL.stream().filter(e -> isForwardAuth(e) && !REFUSED.contains(e.index()));
  }

  static Stream<Exchange> refused() {
    return ALL.stream().filter(e -> isForwardAuth(e) && REFUSED.contains(e.index()));
  }

  static Stream<Exchange> notFound() {
    return ALL.stream().filter(e -> !isForwardAuth(e));
  }

  private static boolean isForwardAuth(Exchange exchange) {
    return exchange.target().equals(RecordingUpstream.AUTH)
        && Stream.of("Proto", "Host", "Uri").allMatch(name -> isOnce(exchange, name));
  }

  private static boolean isOnce(Exchange exchange, String name) {
    return forwarded(exchange, name).count() == 1
        && forwarded(exchange, name).noneMatch(line -> line.endsWith(":") || line.endsWith(": "));
  }

  private static Stream<String> forwarded(Exchange exchange, String name) {
    return exchange.request().stream().filter(l -> l.startsWith("X-Forwarded-" + name + ":"));
  }

  @ParameterizedTest
  @MethodSource("relayed")
  void response_ofTheUpstream_isRelayedUnchangedAndStoredOnlyIfAllowed(Exchange exchange)
      throws IOException {
    upstream.play(exchange);

    RawMessage first = ask(exchange, "");
    assertRelayed(exchange, first, exchange.headers().stream().toList());
    assertThat(first.values("X-Postern-Cache")).containsAnyOf("miss", "bypass");
    assertRequestUnchanged(exchange);

    int checks = checkRequests().size();
    RawMessage second = ask(exchange, "/second");
    boolean hit = checkRequests().size() == checks;
    assertStored(exchange, hit);
    assertRelayed(
        exchange,
        hit ? withoutDate(second) : second,
        hit ? remembered(exchange) : exchange.headers());
    assertThat(second.values("X-Postern-Cache").contains("hit")).isEqualTo(hit);
    assertThat(admin.revoke("{\"all\":true}")).as("entries").isEqualTo(hit ? 1 : 0);
  }

  @ParameterizedTest
  @MethodSource("refused")
  void request_withAControlCharacter_is400AndNeverStored(Exchange exchange) throws IOException {
    upstream.play(exchange);
    assertThat(ask(exchange, "").status()).isEqualTo(400);
    assertThat(admin.revoke("{\"all\":true}")).isZero();
  }

  @ParameterizedTest
  @MethodSource("notFound")
  void request_thatIsNoWholeForwardAuthRequest_isRefusedAndNeverReachesTheUpstream(
      Exchange exchange) throws IOException {
    upstream.play(exchange);
    RawMessage answer = ask(exchange, "");
    assertThat(answer.status())
        .isEqualTo(exchange.target().equals(RecordingUpstream.AUTH) ? 400 : 404);
    assertThat(answer.first("X-Authentik-Jwt")).isNull();
    assertThat(checkRequests()).isEmpty();
  }

  /// The numbers of the recordings per expectation, so that changes of rules or recordings are
  /// noticed.
  @Test
  void rules_overAllRecordings_sortThemAsWritten() {
    assertThat(numbers(Expected.EITHER))
        .containsExactly(7, 15, 16, 17, 18, 42, 44, 52, 119, 130, 132, 138, 203, 204);
    assertThat(numbers(Expected.STORED))
        .containsExactly(
            3, 30, 104, 124, 141, 148, 149, 150, 152, 154, 158, 164, 168, 169, 170, 171, 172, 174,
            175, 184, 191, 193, 196, 197, 206, 210, 211, 212, 213, 214, 215, 216, 221, 222, 224,
            230, 231, 233, 237, 238, 243, 250);
    assertThat(relayed().count() + refused().count() + notFound().count()).isEqualTo(254);
  }

  private static List<Integer> numbers(Expected expected) {
    return ALL.stream()
        .filter(e -> isForwardAuth(e) && StoringRules.expected(e) == expected)
        .map(Exchange::index)
        .toList();
  }

  private RawMessage ask(Exchange exchange, String userAgentSuffix) throws IOException {
    return RawHttp.once(
        postern.authPort(),
        RawHttp.request(exchange.method(), exchange.target(), lines(exchange, userAgentSuffix)));
  }

  /// Header lines that Traefik adds and the recordings lack: method and client address.
  private static List<String> lines(Exchange exchange, String userAgentSuffix) {
    List<String> lines = new ArrayList<>();
    lines.add("Host: " + exchange.host());
    exchange
        .request()
        .forEach(l -> lines.add(l.startsWith("User-Agent:") ? l + userAgentSuffix : l));
    lines.add("X-Forwarded-Method: GET");
    lines.add("X-Forwarded-For: 192.0.2.10");
    return lines;
  }

  private static RawMessage withoutDate(RawMessage answer) {
    return new RawMessage(
        answer.startLine(),
        answer.fields().stream().filter(f -> !f.name().equals("Date")).toList(),
        answer.body());
  }

  /// A hit repeats this request's own User-Agent, and its date is that of the hit.
  private static List<Field> remembered(Exchange exchange) {
    return exchange.headers().stream()
        .filter(f -> !f.name().equals("Date"))
        .map(f -> f.name().equals("User-Agent") ? new Field(f.name(), f.value() + "/second") : f)
        .toList();
  }

  private static void assertStored(Exchange exchange, boolean hit) {
    switch (StoringRules.expected(exchange)) {
      case STORED -> assertThat(hit).as("must be a hit: " + exchange).isTrue();
      case NOT_STORED -> assertThat(hit).as("must be checked again: " + exchange).isFalse();
      case EITHER -> assertThat(exchange.status()).isEqualTo(200);
    }
  }

  private static void assertRelayed(Exchange exchange, RawMessage answer, List<Field> headers) {
    if (exchange.status() == 0) {
      assertThat(answer.status()).isEqualTo(502);
      return;
    }
    Map<String, List<String>> expected = Fields.of(headers, HOP_BY_HOP);
    if (exchange.status() >= 300) {
      expected.putIfAbsent("Cache-Control", List.of("no-store"));
    }
    Map<String, List<String>> actual = Fields.of(answer.fields(), HOP_BY_HOP);
    actual.keySet().removeAll(Set.of("X-Postern-Cache", "Server-Timing"));
    assertThat(answer.status()).isEqualTo(exchange.status());
    assertThat(actual).isEqualTo(expected);
    assertThat(answer.body()).isEqualTo(exchange.body());
    if (!exchange.endsWithConnection() && exchange.status() != 401) {
      assertThat(answer.values("Content-Length"))
          .containsExactly(Integer.toString(exchange.bodyLength()));
    }
  }

  /// The requests without health checks, which also arrive during the test.
  private List<RawMessage> checkRequests() {
    return upstream.requests().stream().filter(r -> !r.path().endsWith("/ping")).toList();
  }

  private void assertRequestUnchanged(Exchange exchange) {
    RawMessage request = checkRequests().getFirst();
    assertThat(request.method()).isEqualTo(exchange.method());
    assertThat(request.target()).isEqualTo(exchange.target());
    assertThat(Fields.of(request.fields(), "Host", "Connection", LoopGuard.NAME))
        .isEqualTo(Fields.ofLines(lines(exchange, ""), "Host"));
  }
}
