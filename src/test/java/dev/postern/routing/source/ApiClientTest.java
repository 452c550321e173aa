package dev.postern.routing.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.postern.config.tls.ClientTls;
import dev.postern.net.Endpoint;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Requests over real sockets, and the messages for failures.
class ApiClientTest {
  private final FakeApi api = new FakeApi(FakeApi.json("[]"));

  @AfterEach
  void close() {
    api.close();
  }

  private static String failure(ApiClient client) {
    try {
      client.get("/list").array();
      return "no failure";
    } catch (ApiFailure failure) {
      assertThat(failure.sentence()).doesNotContain("s3cret");
      return failure.sentence();
    }
  }

  private String failure() throws IOException {
    return failure(new ApiClient(api.target(), System::nanoTime));
  }

  private String place() {
    return "127.0.0.1:" + api.server().port();
  }

  @Test
  void get_list_carriesCredentialsAndAsksForJson() throws Exception {
    assertThat(new ApiClient(api.target(), System::nanoTime).get("/list?page=1").array()).isEmpty();
    assertThat(api.asked).hasSize(1);
    assertThat(api.asked.getFirst().startLine()).isEqualTo("GET /list?page=1 HTTP/1.1");
    assertThat(api.asked.getFirst().first("Host")).isEqualTo(place());
    assertThat(api.asked.getFirst().first("Accept")).isEqualTo("application/json");
    assertThat(api.asked.getFirst().first("Authorization")).isEqualTo(FakeApi.SECRET);
  }

  @Test
  void get_endpointWithPath_requestsPathsBelowIt() throws Exception {
    URI endpoint = URI.create(api.server().url() + "/base/path");
    ApiTarget target = FakeApi.target(endpoint, ClientTls.STANDARD, Duration.ofSeconds(20));
    new ApiClient(target, System::nanoTime).get("/list");
    assertThat(api.asked.getFirst().target()).isEqualTo("/base/path/list");
  }

  @Test
  void target_printed_hidesItsCredentials() {
    assertThat(api.target().toString()).doesNotContain("s3cret");
  }

  static Stream<Arguments> answers() {
    String html = "<!doctype html><title>Traefik</title>";
    String redirect = moved("https://login.test/?token=s3cret");
    return Stream.of(
        arguments(status(401), "Traefik refuses the credentials for /list (401); check the cred"),
        arguments(status(403), "Traefik refuses the credentials for /list (403); check the cred"),
        arguments(status(404), "Traefik answers /list with 404; check the address"),
        arguments(status(400), "Traefik answers /list with 400 instead of a list; check the addr"),
        arguments(status(500), "Traefik answers /list with 500; see its log"),
        arguments(status(503), "Traefik answers /list with 503; see its log"),
        arguments(redirect, "a redirect to https://login.test, which is not followed; set"),
        arguments(moved("/x"), "a redirect to another path"),
        arguments(moved("ht tp:x"), "a redirect to nowhere"),
        arguments(FakeApi.ok(html), "/list is HTML instead of JSON; check the address"),
        arguments(FakeApi.ok("pong"), "/list is not JSON; check the address"),
        arguments(FakeApi.ok("[] []"), "/list is not JSON"),
        arguments(FakeApi.ok("[".repeat(5000)), "/list is not JSON"),
        arguments(FakeApi.ok("[{\"name\":\"a"), "/list is truncated JSON"),
        arguments(FakeApi.ok("[1,"), "/list is truncated JSON"),
        arguments(FakeApi.ok("[\"a\", {} "), "/list is truncated JSON"),
        arguments(FakeApi.ok("[1 2]"), "/list is not JSON"),
        arguments(FakeApi.ok(""), "/list is JSON, but not an array"),
        arguments(FakeApi.ok("{}"), "/list is JSON, but not an array"),
        arguments(
            "SSH-2.0-x\r\n", "/list is not HTTP/1.1; check the scheme of providers.traefik.end"));
  }

  private static String moved(String location) {
    return "HTTP/1.1 302 Found\r\nLocation: " + location + "\r\n\r\n";
  }

  private static String status(int status) {
    return "HTTP/1.1 " + status + " X\r\nContent-Length: 8\r\n\r\n{\"a\":1}\n";
  }

  @ParameterizedTest
  @MethodSource("answers")
  void get_responseThatIsNoList_isOneSentenceWithTheFix(String answer, String sentence)
      throws IOException {
    api.answer((request, connection) -> {
      connection.write(answer);
      connection.close();
    });
    assertThat(failure()).contains(sentence);
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void get_redirection_isNotFollowed(int status) throws IOException {
    try (FakeApi elsewhere = new FakeApi(FakeApi.json("[]"))) {
      String location = "\r\nLocation: " + elsewhere.server().url() + "/list\r\n";
      api.answer((request, connection) ->
          connection.write("HTTP/1.1 " + status + " X" + location + "Content-Length: 0\r\n\r\n"));
      assertThat(failure()).contains("a redirect to " + elsewhere.server().url());
      assertThat(elsewhere.asked).isEmpty();
    }
  }

  @Test
  void get_portWithoutServer_isRefused() throws IOException {
    api.server().refuse();
    assertThat(failure())
        .isEqualTo(
            place()
                + " refuses connections; check providers.traefik.endpoint and that Traefik runs");
    api.server().listenAgain();
  }

  @Test
  void get_unknownZone_isNotCalledAName() throws IOException {
    ApiTarget known = api.target();
    ApiTarget target =
        new ApiTarget(
            known.system(),
            known.section(),
            Endpoint.of("http://[fe80::1%nowhere9]:9"),
            known.authorization(),
            known.interval(),
            known.timeout(),
            known.tls(),
            known.advice());
    assertThat(failure(new ApiClient(target, System::nanoTime)))
        .isEqualTo(
            "there is no network interface nowhere9 here; check the zone of the address in"
                + " providers.traefik.endpoint");
  }

  @Test
  void get_unknownName_isNamed() throws IOException {
    ApiTarget target =
        FakeApi.target(
            URI.create("http://no-such-host.invalid:1"),
            ClientTls.STANDARD,
            Duration.ofSeconds(20));
    assertThat(failure(new ApiClient(target, System::nanoTime)))
        .isEqualTo("the name in providers.traefik.endpoint is unknown: no-such-host.invalid");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n[1"})
  void get_silence_isGivenUp(String beginning) throws IOException {
    api.answer((request, connection) -> {
      connection.write(beginning);
      api.silence();
    });
    ApiTarget target =
        FakeApi.target(api.server().url(), ClientTls.STANDARD, Duration.ofMillis(200));
    assertThat(failure(new ApiClient(target, System::nanoTime)))
        .isEqualTo(
            place()
                + " sends no complete response within 200ms (providers.traefik.pollTimeout); check"
                + " that Traefik runs");
  }

  @Test
  void get_endlessBytes_areReadOnlyUntilTheTimeout() throws IOException {
    api.answer((request, connection) -> {
      connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
      while (true) {
        connection.write("1\r\n \r\n");
      }
    });
    AtomicLong nanos = new AtomicLong();
    // The clock advances by a second on each call, so each wait for bytes takes a second.
    ApiClient client =
        new ApiClient(api.target(), () -> nanos.addAndGet(Duration.ofSeconds(1).toNanos()));
    assertThat(failure(client)).contains("sends no complete response within 20s");
  }

  @Test
  void get_bodyThatNeverEnds_isCutAtItsBound() throws IOException {
    String megabyte = "100000\r\n" + " ".repeat(1 << 20) + "\r\n";
    api.answer((request, connection) -> {
      connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
      while (true) {
        connection.write(megabyte);
      }
    });
    assertThat(failure())
        .isEqualTo(
            "the response of "
                + place()
                + " to /list is longer than 8 MiB, which no list should be; check the address");
  }

  @Test
  void get_bodyThatIsCutOff_isReported() throws IOException {
    api.answer((request, connection) -> {
      connection.write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n[1");
      connection.close();
    });
    assertThat(failure())
        .contains("to /list is incomplete; Traefik or a proxy in between cuts it off");
  }

  @Test
  void get_connectionClosedAtOnce_isReported() throws IOException {
    api.answer((request, connection) -> connection.close());
    assertThat(failure()).contains("closes the connection without a response; check the scheme");
  }

  @Test
  void list_severalPages_areReadInOrder() throws Exception {
    api.answer(
        (request, connection) -> connection.write(FakeApi.ok("[\"" + request.target() + "\"]")));
    List<ApiPage> pages =
        new ApiClient(api.target(), System::nanoTime)
            .list(
                number -> "/list?page=" + number,
                page -> page.path().endsWith("3") ? 1 : next(page));
    assertThat(pages)
        .extracting(ApiPage::path)
        .containsExactly("/list?page=1", "/list?page=2", "/list?page=3");
    assertThat(pages.getLast().array().get(0).asString()).isEqualTo("/list?page=3");
  }

  private static int next(ApiPage page) {
    return Integer.parseInt(page.path().substring(page.path().indexOf('=') + 1)) + 1;
  }

  @Test
  void list_withoutEnd_isGivenUp() throws IOException {
    ApiClient client = new ApiClient(api.target(), System::nanoTime);
    assertThatThrownBy(() -> client.list(number -> "/list?page=" + number, ApiClientTest::next))
        .isInstanceOf(ApiFailure.class)
        .hasMessageContaining("at /list?page=1 has no end");
    assertThat(api.asked).hasSize(1001);
  }

  @Test
  void get_afterClosing_sendsNothing() throws IOException {
    ApiClient client = new ApiClient(api.target(), System::nanoTime);
    client.close();
    assertThat(failure(client)).contains("closed");
    assertThat(api.asked).isEmpty();
  }
}
