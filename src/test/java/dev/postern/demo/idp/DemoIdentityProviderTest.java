package dev.postern.demo.idp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.demo.core.DemoApplication;
import dev.postern.demo.core.DemoUser;
import dev.postern.demo.http.Header;
import dev.postern.demo.http.HttpClient;
import dev.postern.demo.http.HttpRequest;
import dev.postern.demo.http.Reply;
import dev.postern.demo.outpost.Outpost;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Sessions, journal, faults, API and admin API of the demo identity provider over real sockets.
final class DemoIdentityProviderTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Executor THREADS = command -> Thread.startVirtualThread(command);

  private final MutableClock clock = new MutableClock();
  private DemoIdentityProvider provider = start(Outpost.Store.POSTGRESQL);

  private DemoIdentityProvider start(Outpost.Store store) {
    DemoIdentityProviderBuilder builder =
        DemoIdentityProvider.builder().clock(clock).store(store).apiToken("api-token");
    for (int n = 1; n <= 24; n++) {
      builder.application(DemoApplication.individual("app" + n, "https://app" + n + ".test"));
    }
    return builder
        .application(DemoApplication.catchAll("all", "https://auth.home.test", "home.test"))
        .user(DemoUser.of("alice", "pw", "Alice", "a@test", List.of("staff")))
        .user(DemoUser.of("bob", "pw", "Bob", "b@test", List.of()))
        .start();
  }

  @AfterEach
  void close() {
    provider.close();
  }

  private static Reply.Response send(
      InetSocketAddress address, String method, String target, String body, Header... headers)
      throws IOException {
    List<Header> all = new ArrayList<>(List.of(headers));
    all.add(new Header("Host", "outpost"));
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    all.add(new Header("Content-Length", Integer.toString(bytes.length)));
    try (HttpClient client = new HttpClient(address, Duration.ofSeconds(10))) {
      return client.send(new HttpRequest(method, target, all, bytes, address));
    }
  }

  private Reply.Response check(String host, String cookie) throws IOException {
    return send(
        provider.address(),
        "GET",
        Outpost.PREFIX + "/auth/traefik",
        "",
        new Header("X-Forwarded-Proto", "https"),
        new Header("X-Forwarded-Host", host),
        new Header("X-Forwarded-Uri", "/"),
        new Header("Cookie", cookie));
  }

  private static String value(String cookie) {
    return cookie.substring(cookie.indexOf('=') + 1);
  }

  @Test
  void login_scripted_givesASessionForItsHost() throws IOException {
    String cookie = provider.login("app1.test", "alice", "pw");
    Reply.Response response = check("app1.test", cookie);
    assertThat(response.status()).isEqualTo(200);
    assertThat(response.header("X-authentik-uid")).isEqualTo("sub-alice");
    assertThat(check("app2.test", cookie).status()).isEqualTo(302);
    assertThatThrownBy(() -> provider.login("app1.test", "alice", "no"))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void login_catchAll_isGoodForEveryHostButTheIndividualOne() throws IOException {
    String cookie = provider.login("one.home.test", "bob", "pw");
    assertThat(check("two.home.test", cookie).status()).isEqualTo(200);
    assertThat(check("home.test", cookie).header("X-authentik-meta-app")).isEqualTo("all");
    assertThat(check("app1.test", cookie).status()).isEqualTo(302);
  }

  @ParameterizedTest
  @EnumSource(Outpost.Store.class)
  void session_expiredToken_redirectsToLogin(Outpost.Store store) throws IOException {
    provider.close();
    provider = start(store);
    String cookie = provider.login("app1.test", "alice", "pw");
    clock.advance(Duration.ofSeconds(3590));
    assertThat(check("app1.test", cookie).status()).isEqualTo(200);
    clock.advance(Duration.ofSeconds(20));
    assertThat(check("app1.test", cookie).status()).isEqualTo(302);
  }

  @ParameterizedTest
  @EnumSource(Outpost.Store.class)
  void endSession_bySid_endsOnlyThatSession(Outpost.Store store) throws IOException {
    provider.close();
    provider = start(store);
    String first = provider.login("app1.test", "alice", "pw");
    String second = provider.login("app1.test", "alice", "pw");
    check("app1.test", first);
    String sid = provider.journal().checks().getLast().sid();
    assertThat(provider.endSession(sid)).isEqualTo(1);
    assertThat(check("app1.test", first).status()).isEqualTo(302);
    assertThat(check("app1.test", second).status()).isEqualTo(200);
  }

  @Test
  void endSubjectAndDeleteUser_endAllSessionsOfThePerson() throws IOException {
    String alice = provider.login("app1.test", "alice", "pw");
    String bob = provider.login("app1.test", "bob", "pw");
    assertThat(provider.endSubject("sub-alice")).isEqualTo(1);
    assertThat(check("app1.test", alice).status()).isEqualTo(302);
    assertThat(check("app1.test", bob).status()).isEqualTo(200);
    assertThat(provider.deleteUser("bob")).isTrue();
    assertThat(check("app1.test", bob).status()).isEqualTo(302);
  }

  @Test
  void journal_checks_showTheSubjectAndWhetherTheyFollowTheLastRevocation() throws IOException {
    String cookie = provider.login("app1.test", "alice", "pw");
    check("app1.test", cookie);
    Journal.CheckRecord record = provider.journal().checks().getLast();
    assertThat(record.application()).isEqualTo("app1");
    assertThat(record.host()).isEqualTo("app1.test");
    assertThat(record.cookie()).isEqualTo(Journal.digest(value(cookie)));
    assertThat(record.sub()).isEqualTo("sub-alice");
    assertThat(record.sid()).hasSize(64);
    assertThat(record.status()).isEqualTo(200);
    assertThat(record.began()).isLessThan(record.ended());
    assertThat(provider.journal().allowedSinceLastRevocation(value(cookie))).isTrue();
    provider.refresh();
    assertThat(provider.journal().allowedSinceLastRevocation(value(cookie))).isFalse();
    check("app1.test", cookie);
    assertThat(provider.journal().allowedSinceLastRevocation(value(cookie))).isTrue();
    assertThat(provider.journal().checkCount()).isEqualTo(2);
    assertThat(provider.journal().identityChecks("app1.test", "sub-alice")).isEqualTo(2);
  }

  @Test
  void holdAfter_revocationMeanwhile_isOrderedInTheJournal() throws Exception {
    String cookie = provider.login("app1.test", "alice", "pw");
    try (Hold hold = provider.faults().holdAfter()) {
      CompletableFuture<Reply.Response> response =
          CompletableFuture.supplyAsync(() -> unchecked(cookie), THREADS);
      assertThat(hold.awaitHeld(1, Duration.ofSeconds(10))).isTrue();
      provider.endSubject("sub-alice");
      hold.release();
      assertThat(response.get().status()).isEqualTo(200);
    }
    assertThat(provider.journal().allowedSinceLastRevocation(value(cookie))).isFalse();
    long revoked = provider.journal().revocations().getLast().sequence();
    Journal.CheckRecord check = provider.journal().checks().getLast();
    assertThat(check.began()).isLessThan(revoked);
    assertThat(check.ended()).isGreaterThan(revoked);
  }

  private Reply.Response unchecked(String cookie) {
    try {
      return check("app1.test", cookie);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = FaultMode.class,
      names = {"RESET", "GARBAGE", "TRUNCATED", "WRONG_LENGTH"})
  void faults_brokenResponse_isAnErrorForTheClientOnce(FaultMode mode) throws IOException {
    String cookie = provider.login("app1.test", "alice", "pw");
    provider.faults().failNext(mode, 1);
    assertThatThrownBy(() -> check("app1.test", cookie)).isInstanceOf(IOException.class);
    assertThat(check("app1.test", cookie).status()).isEqualTo(200);
  }

  @Test
  void faults_serverErrorAndDatabaseDown_areStates() throws IOException {
    String cookie = provider.login("app1.test", "alice", "pw");
    provider.faults().mode(FaultMode.SERVER_ERROR);
    assertThat(check("app1.test", cookie).status()).isEqualTo(503);
    provider.faults().mode(FaultMode.DATABASE_DOWN);
    assertThat(check("app1.test", cookie).status()).isEqualTo(302);
    provider.faults().mode(FaultMode.NONE);
    assertThat(check("app1.test", cookie).status()).isEqualTo(200);
  }

  @Test
  void faults_down_refusesConnectionsUntilItIsOver() throws IOException {
    String cookie = provider.login("app1.test", "alice", "pw");
    provider.faults().mode(FaultMode.DOWN);
    assertThatThrownBy(() -> check("app1.test", cookie)).isInstanceOf(IOException.class);
    provider.faults().mode(FaultMode.NONE);
    assertThat(check("app1.test", cookie).status()).isEqualTo(200);
  }

  @Test
  void faults_hang_endsWithoutResponseWhenTheModeChanges() throws Exception {
    String cookie = provider.login("app1.test", "alice", "pw");
    provider.faults().mode(FaultMode.HANG);
    CompletableFuture<Reply.Response> response =
        CompletableFuture.supplyAsync(() -> unchecked(cookie), THREADS);
    assertThat(provider.faults().awaitHanging(1, Duration.ofSeconds(10))).isTrue();
    provider.faults().mode(FaultMode.NONE);
    assertThatThrownBy(response::get).hasCauseInstanceOf(java.io.UncheckedIOException.class);
  }

  @Test
  void api_pages_listAllProvidersWithoutSecrets() throws IOException {
    Header token = new Header("Authorization", "Bearer api-token");
    List<String> slugs = new ArrayList<>();
    int page = 1;
    while (page != 0) {
      String target = "/api/v3/providers/proxy/?page=" + page + "&page_size=10";
      JsonNode body = JSON.readTree(send(provider.address(), "GET", target, "", token).text());
      body.path("results")
          .forEach(item -> slugs.add(item.path("assigned_application_slug").asString()));
      assertThat(body.toString()).doesNotContain("secret");
      page = body.path("pagination").path("next").asInt();
    }
    assertThat(slugs).hasSize(25).endsWith("all");
  }

  @Test
  void api_defaultPage_hasTwentyAndTheFieldsOfTheContract() throws IOException {
    Header token = new Header("Authorization", "Bearer api-token");
    Reply.Response response =
        send(provider.address(), "GET", "/api/v3/providers/proxy/", "", token);
    JsonNode body = JSON.readTree(response.text());
    assertThat(body.path("pagination").toString())
        .isEqualTo(
            "{\"next\":2,\"previous\":0,\"count\":25,\"current\":1,\"total_pages\":2,"
                + "\"start_index\":1,\"end_index\":20}");
    JsonNode first = body.path("results").path(0);
    assertThat(first.path("external_host").asString()).isEqualTo("https://app1.test");
    assertThat(first.path("mode").asString()).isEqualTo("forward_single");
    assertThat(first.path("access_token_validity").asString()).isEqualTo("hours=1");
  }

  @Test
  void api_withoutOrWithWrongToken_isRefused() throws IOException {
    String target = "/api/v3/providers/proxy/";
    assertThat(send(provider.address(), "GET", target, "").status()).isEqualTo(403);
    Header wrong = new Header("Authorization", "Bearer x");
    assertThat(send(provider.address(), "GET", target, "", wrong).status()).isEqualTo(403);
    Header right = new Header("Authorization", "Bearer api-token");
    assertThat(send(provider.address(), "GET", target + "?page=9", "", right).status())
        .isEqualTo(404);
  }

  @Test
  void admin_knobsAndJournal_workOverHttp() throws IOException {
    InetSocketAddress admin = provider.adminAddress();
    String cookie = provider.login("app1.test", "alice", "pw");
    send(admin, "PUT", "/faults", "{\"mode\":\"server-error\",\"count\":1}");
    assertThat(check("app1.test", cookie).status()).isEqualTo(503);
    assertThat(check("app1.test", cookie).status()).isEqualTo(200);
    JsonNode journal = JSON.readTree(send(admin, "GET", "/journal", "").text());
    assertThat(journal.path("checks").size()).isEqualTo(2);
    String sid = journal.path("checks").path(1).path("sid").asString();
    String body = JSON.writeValueAsString(Map.of("sid", sid));
    assertThat(send(admin, "POST", "/revocations", body).text()).isEqualTo("{\"ended\":1}");
    assertThat(check("app1.test", cookie).status()).isEqualTo(302);
    assertThat(send(admin, "POST", "/revocations", "{}").status()).isEqualTo(400);
    assertThat(send(admin, "PUT", "/faults", "{\"mode\":\"odd\"}").status()).isEqualTo(400);
    assertThat(send(admin, "PUT", "/faults", "not json").status()).isEqualTo(400);
    assertThat(send(admin, "GET", "/nothing", "").status()).isEqualTo(404);
  }

  @Test
  void paths_pingStaticAndUnknown_respondAsInTheContract() throws IOException {
    assertThat(send(provider.address(), "GET", Outpost.PREFIX + "/ping", "").status())
        .isEqualTo(204);
    Header host = new Header("X-Forwarded-Host", "app1.test");
    Reply.Response unknown = send(provider.address(), "GET", Outpost.PREFIX + "/auth/x", "", host);
    assertThat(unknown.status()).isEqualTo(404);
    assertThat(unknown.text()).isEqualTo("404 page not found\n");
    String asLong = "/" + "x".repeat(Outpost.PREFIX.length() - 1);
    assertThat(send(provider.address(), "GET", asLong + "/start", "", host).status())
        .isEqualTo(404);
    Header nobody = new Header("X-Forwarded-Host", "nobody.test");
    Reply.Response core =
        send(provider.address(), "GET", Outpost.PREFIX + "/auth/traefik", "", nobody);
    assertThat(core.status()).isEqualTo(404);
    assertThat(core.header("Content-Type")).startsWith("text/html");
  }
}
