package dev.postern.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.app.Sidecar;
import dev.postern.app.StartException;
import dev.postern.testing.Certificates;
import dev.postern.testing.EchoBackend;
import dev.postern.testing.PosternConfig;
import dev.postern.testing.RawHttp;
import dev.postern.testing.RawMessage;
import dev.postern.testing.program.NeedsTraefik;
import dev.postern.testing.program.Traefik;
import dev.postern.testing.upstream.Gate;
import dev.postern.testing.upstream.Identity;
import dev.postern.testing.upstream.RecordingUpstream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// One page, one check, through real Traefik.
@NeedsTraefik
class OneCheckIT {
  /// How Traefik reaches Postern.
  enum Transport {
    PLAIN,
    TLS_SKIP_VERIFY,
    TLS_CA
  }

  private static final String APP = "app.example.test";
  private static final String OTHER = "other.example.test";
  private static final String ALICE = "authentik_proxy_51a54282=alice-1";
  private static final String BOB = "authentik_proxy_51a54282=bob-1";

  @TempDir Path directory;
  private final RecordingUpstream upstream = new RecordingUpstream();
  private final EchoBackend backend = new EchoBackend();
  private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
  private Path state;
  private Sidecar postern;

  @BeforeEach
  void start() throws StartException {
    state = directory.resolve("state");
    postern = Sidecar.start(PosternConfig.of(upstream.url(), state).build());
    upstream.signIn(APP, ALICE, Identity.of("alice", "app"));
    upstream.signIn(APP, BOB, Identity.of("bob", "app"));
  }

  @AfterEach
  void stop() {
    clients.close();
    postern.close();
    backend.close();
    upstream.close();
  }

  private Traefik traefik(Transport transport) {
    String address =
        switch (transport) {
          case PLAIN -> "http://127.0.0.1:" + postern.authPort();
          case TLS_SKIP_VERIFY, TLS_CA -> "https://127.0.0.1:" + postern.authsPort();
        };
    String tls =
        switch (transport) {
          case PLAIN -> "";
          case TLS_SKIP_VERIFY -> "tls: { insecureSkipVerify: true }";
          case TLS_CA -> "tls: { ca: \"%s\" }".formatted(state.resolve("postern.crt"));
        };
    return Traefik.start(
        directory.resolve("traefik"),
        List.of("web"),
        """
        http:
          middlewares:
            auth:
              forwardAuth:
                address: "%s/outpost.goauthentik.io/auth/traefik"
                trustForwardHeader: false
                maxResponseBodySize: -1
                authResponseHeaders: [X-authentik-username, X-authentik-uid, X-authentik-groups]
                %s
          routers:
            app: { rule: "HostRegexp(`example`)", middlewares: [auth], service: app, priority: 10 }
            outpost: { rule: "PathPrefix(`/outpost.goauthentik.io/`)", service: outpost, priority: 20 }
          services:
            app: { loadBalancer: { servers: [{ url: "%s" }] } }
            outpost: { loadBalancer: { servers: [{ url: "http://127.0.0.1:%d" }] } }
        """
            .formatted(address, tls, backend.url(), postern.authPort()));
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void page_hundredParallelColdRequests_areOneCheckAndAThousandMoreNone(Transport transport)
      throws Exception {
    try (Traefik traefik = traefik(transport)) {
      Gate gate = upstream.hold(check -> check.cookies().contains(ALICE));
      CountDownLatch sent = new CountDownLatch(100);
      List<Future<List<RawMessage>>> page = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        String request = get(APP, ALICE, "/img/" + i + ".png?v=" + i);
        page.add(clients.submit(() -> ask(traefik, request, 1, sent)));
      }
      assertThat(sent.await(30, TimeUnit.SECONDS)).isTrue();
      gate.awaitHeld(1);
      // Another client's request was served while the hundred wait at the gate.
      assertThat(ask(traefik, get(APP, BOB, "/"))).satisfies(OneCheckIT::isBob);
      gate.close();

      for (Future<List<RawMessage>> answer : page) {
        assertThat(answer.get(30, TimeUnit.SECONDS)).allSatisfy(OneCheckIT::isAlice);
      }
      assertThat(upstream.checks(APP, ALICE)).as("checks of the cold page").isOne();

      List<Future<List<RawMessage>>> more = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        String request = get(APP, ALICE, "/more/" + i);
        more.add(clients.submit(() -> ask(traefik, request, 100, new CountDownLatch(100))));
      }
      for (Future<List<RawMessage>> answers : more) {
        assertThat(answers.get(60, TimeUnit.SECONDS)).hasSize(100).allSatisfy(OneCheckIT::isAlice);
      }
      assertThat(upstream.checks(APP, ALICE)).as("checks after 1,000 more").isOne();
    }
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void request_ofAnotherSessionHostOrCookie_isItsOwnCheck(Transport transport) throws Exception {
    String alias = ALICE + "-alias";
    String otherName = "authentik_proxy_519f41eb=alice-1";
    upstream.signIn(APP, alias, Identity.of("alice", "app"));
    upstream.signIn(OTHER, ALICE, Identity.of("alice", "other"));
    upstream.signIn(APP, otherName, Identity.of("carol", "app"));
    try (Traefik traefik = traefik(transport)) {
      for (int i = 0; i < 3; i++) {
        assertThat(ask(traefik, get(APP, ALICE, "/"))).satisfies(OneCheckIT::isAlice);
        assertThat(ask(traefik, get(APP, BOB, "/"))).satisfies(OneCheckIT::isBob);
        assertThat(ask(traefik, get(OTHER, ALICE, "/"))).satisfies(OneCheckIT::isAlice);
        assertThat(ask(traefik, get(APP, alias, "/"))).satisfies(OneCheckIT::isAlice);
        assertThat(ask(traefik, get(APP, otherName, "/")).body()).contains("sub-carol");
        assertThat(ask(traefik, get(OTHER, BOB, "/")).status()).isEqualTo(302);
      }
      assertThat(upstream.checks(APP, ALICE)).isOne();
      assertThat(upstream.checks(APP, BOB)).isOne();
      assertThat(upstream.checks(OTHER, ALICE)).isOne();
      assertThat(upstream.checks(APP, alias)).isOne();
      assertThat(upstream.checks(APP, otherName)).isOne();
      assertThat(upstream.checks(OTHER, BOB)).as("a challenge is never shared").isEqualTo(3);
    }
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void request_withTwoCookies_isNotTheRequestWithOne(Transport transport) throws Exception {
    String both = ALICE + "; authentik_proxy_519f41eb=x";
    try (Traefik traefik = traefik(transport)) {
      ask(traefik, get(APP, ALICE, "/"));
      ask(traefik, get(APP, both, "/"));
      ask(traefik, get(APP, ALICE + "; theme=dark", "/"));

      assertThat(upstream.checks()).as("an unrelated cookie is no credential").hasSize(2);
    }
  }

  @Test
  void signOut_throughTheOutpostRouter_endsEverySessionOfThatPerson() throws Exception {
    assertSignOut("/outpost.goauthentik.io/sign_out");
  }

  @Test
  void signOut_byTheLogoutFlag_endsEverySessionOfThatPerson() throws Exception {
    assertSignOut("/page?X-authentik-logout=true");
  }

  private void assertSignOut(String path) throws IOException {
    String alias = ALICE + "-alias";
    upstream.signIn(APP, alias, Identity.of("alice", "app"));
    try (Traefik traefik = traefik(Transport.PLAIN)) {
      ask(traefik, get(APP, ALICE, "/"));
      ask(traefik, get(APP, alias, "/"));
      ask(traefik, get(APP, BOB, "/"));

      RawMessage signOut = ask(traefik, get(APP, ALICE, path));

      assertThat(signOut.status()).isEqualTo(302);
      assertThat(signOut.first("Location")).contains("/end-session/?id_token_hint=");
      assertThat(ask(traefik, get(APP, ALICE, "/")).status()).isEqualTo(302);
      assertThat(ask(traefik, get(APP, alias, "/")).status()).as("same person").isEqualTo(302);
      long before = upstream.checks(APP, BOB);
      assertThat(ask(traefik, get(APP, BOB, "/"))).satisfies(OneCheckIT::isBob);
      assertThat(upstream.checks(APP, BOB)).as("another user's entry stays").isEqualTo(before);
    }
  }

  @Test
  void callback_throughTheOutpostRouter_bringsTheNewPersonAtOnce() throws Exception {
    upstream.nextLogin(Identity.of("bob", "app"));
    try (Traefik traefik = traefik(Transport.PLAIN)) {
      assertThat(ask(traefik, get(APP, ALICE, "/"))).satisfies(OneCheckIT::isAlice);

      RawMessage callback =
          ask(traefik, get(APP, ALICE, "/outpost.goauthentik.io/callback?code=c&state=s"));

      assertThat(callback.first("Set-Cookie")).startsWith(ALICE);
      assertThat(ask(traefik, get(APP, ALICE, "/"))).satisfies(OneCheckIT::isBob);
    }
  }

  @Test
  void identityHeaders_ofTwoPersonsAtATime_reachTheBackendUnmixed() throws Exception {
    try (Traefik traefik = traefik(Transport.PLAIN)) {
      List<Future<List<RawMessage>>> alice = new ArrayList<>();
      List<Future<List<RawMessage>>> bob = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        alice.add(
            clients.submit(() -> ask(traefik, get(APP, ALICE, "/"), 50, new CountDownLatch(0))));
        bob.add(clients.submit(() -> ask(traefik, get(APP, BOB, "/"), 50, new CountDownLatch(0))));
      }
      for (int i = 0; i < 8; i++) {
        assertThat(alice.get(i).get()).hasSize(50).allSatisfy(OneCheckIT::isAlice);
        assertThat(bob.get(i).get()).hasSize(50).allSatisfy(OneCheckIT::isBob);
      }
    }
  }

  @Test
  void auths_clientThatOffersHttp2_speaksHttp2WithTheSelfMadeCertificate() throws Exception {
    var trust = Certificates.trusting(Certificates.read(state.resolve("postern.crt")));
    try (HttpClient client = HttpClient.newBuilder().sslContext(trust).build()) {
      HttpRequest request =
          HttpRequest.newBuilder(
                  URI.create(
                      "https://localhost:%d%s"
                          .formatted(postern.authsPort(), RecordingUpstream.AUTH)))
              .headers(
                  "X-Forwarded-Method", "GET", "X-Forwarded-Uri", "/", "X-Forwarded-Proto", "https")
              .headers("X-Forwarded-Host", APP, "Cookie", ALICE)
              .build();
      HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());

      assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
      assertThat(answer.headers().firstValue("X-Authentik-Uid")).contains("sub-alice");
    }
  }

  /// The client also forges an identity, which must never reach the application.
  private static String get(String host, String cookie, String path) {
    return RawHttp.get(path, "Host: " + host, "Cookie: " + cookie, "X-Authentik-Uid: sub-root");
  }

  private static RawMessage ask(Traefik traefik, String request) throws IOException {
    return RawHttp.once(traefik.port("web"), request);
  }

  private static List<RawMessage> ask(
      Traefik traefik, String request, int times, CountDownLatch sent) throws IOException {
    List<RawMessage> answers = new ArrayList<>();
    try (RawHttp http = RawHttp.connect(traefik.port("web"))) {
      for (int i = 0; i < times; i++) {
        http.send(request);
        sent.countDown();
        answers.add(http.read());
      }
    }
    return answers;
  }

  private static void isAlice(RawMessage answer) {
    assertUser(answer, "alice", "bob");
  }

  private static void isBob(RawMessage answer) {
    assertUser(answer, "bob", "alice");
  }

  private static void assertUser(RawMessage answer, String name, String other) {
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body())
        .contains("X-Authentik-Uid: sub-" + name)
        .contains("X-Authentik-Username: " + name)
        .contains("X-Authentik-Groups: g-" + name + "|everyone")
        .doesNotContain("sub-root")
        .doesNotContain("sub-" + other);
  }
}
