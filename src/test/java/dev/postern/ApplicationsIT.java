package dev.postern;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.demo.core.DemoApplication;
import dev.postern.demo.core.DemoUser;
import dev.postern.demo.idp.DemoIdentityProvider;
import dev.postern.testing.Await;
import dev.postern.testing.EchoBackend;
import dev.postern.testing.PosternConfig;
import dev.postern.testing.RawHttp;
import dev.postern.testing.RawMessage;
import dev.postern.testing.program.NeedsTraefik;
import dev.postern.testing.program.Traefik;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Individual applications and a catch-all, through real Traefik and the demo identity provider,
/// which keeps to authentik's quirks.
@NeedsTraefik
class ApplicationsIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String A = "a.domain.test";
  private static final String B = "b.domain.test";
  private static final String VAULT = "vault.domain.test";

  /// An individual application that only the identity provider knows.
  private static final String HIDDEN = "hidden.domain.test";

  /// The outpost takes the catch-all's domain for a plain suffix (authentik-contract 3).
  private static final String EVIL = "evildomain.test";

  private static final String VAULT_ALONE =
      """
            vault: { kind: individual, rule: "Host(`vault.domain.test`)", slug: vault }
      """;

  @TempDir Path directory;
  private final EchoBackend backend = new EchoBackend();
  private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
  private final DemoIdentityProvider provider =
      DemoIdentityProvider.builder()
          .application(
              DemoApplication.catchAll("everything", "https://auth.domain.test", "domain.test"))
          .application(DemoApplication.individual("vault", "https://" + VAULT))
          .application(DemoApplication.individual("hidden", "https://" + HIDDEN))
          .user(DemoUser.of("alice", "pw", "Alice", "a@example.test", List.of()))
          .user(DemoUser.of("bob", "pw", "Bob", "b@example.test", List.of()))
          .start();
  private Path rules;

  @BeforeEach
  void makeDirectory() throws IOException {
    rules = Files.createDirectory(directory.resolve("rules"));
  }

  @AfterEach
  void stop() {
    clients.close();
    backend.close();
    provider.close();
  }

  private void write(boolean share, String individuals) throws IOException {
    Path fresh =
        Files.writeString(
            directory.resolve("postern.new"),
            """
            http:
              middlewares:
                postern:
                  plugin:
                    postern:
                      applications:
                        everything: { kind: catchAll, cookieDomain: domain.test, share: %b }
            """
                    .formatted(share)
                + individuals
                    .lines()
                    .map(String::strip)
                    .collect(Collectors.joining("\n"))
                    .indent(12));
    Files.move(
        fresh,
        rules.resolve("postern.yml"),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  private Sidecar postern() throws StartException {
    URI url = URI.create("http://127.0.0.1:" + provider.address().getPort());
    return Sidecar.start(PosternConfig.of(url, directory.resolve("state")).rules(rules).build());
  }

  private Traefik traefik(Sidecar postern) {
    return Traefik.start(
        directory.resolve("traefik"),
        List.of("web"),
        """
        http:
          middlewares:
            auth:
              forwardAuth:
                address: "https://127.0.0.1:%d/outpost.goauthentik.io/auth/traefik"
                authResponseHeaders: [X-authentik-username, X-authentik-uid]
                tls: { insecureSkipVerify: true }
          routers:
            app: { rule: "HostRegexp(`domain[.]test`)", middlewares: [auth], service: app }
          services:
            app: { loadBalancer: { servers: [{ url: "%s" }] } }
        """
            .formatted(postern.authsPort(), backend.url()));
  }

  private static RawMessage ask(Traefik traefik, String host, String cookie) throws IOException {
    return RawHttp.once(
        traefik.port("web"),
        RawHttp.get("/page", "Host: " + host, "Cookie: " + cookie, "Connection: close"));
  }

  private static void assertAllowed(RawMessage answer, String username) {
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).containsIgnoringCase("X-Authentik-Username: " + username);
  }

  /// How often the identity provider was asked about a host, whoever asked.
  private long checks(String host) {
    return provider.journal().checks().stream().filter(one -> one.host().equals(host)).count();
  }

  private static String api(Sidecar postern, String path) throws IOException {
    return RawHttp.once(
            postern.adminPort(), RawHttp.get(path, "Host: localhost", "Connection: close"))
        .body();
  }

  private static void awaitApplications(Sidecar postern, String text) {
    Await.until(
        "the applications hold " + text,
        LIMIT,
        () -> api(postern, "/api/applications").contains(text));
  }

  /// A page of many pictures.
  private void page(Traefik traefik, String host, String cookie, String username) throws Exception {
    List<Future<RawMessage>> page = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      page.add(clients.submit(() -> ask(traefik, host, cookie)));
    }
    for (Future<RawMessage> answer : page) {
      assertAllowed(answer.get(LIMIT.toSeconds(), TimeUnit.SECONDS), username);
    }
  }

  @Test
  void sharedCatchAll_eachFurtherHost_costsOneCheckAndFurtherSessionsNone() throws Exception {
    write(true, VAULT_ALONE);
    try (Sidecar postern = postern();
        Traefik traefik = traefik(postern)) {
      awaitApplications(postern, "\"everything\"");
      String alice = provider.login(A, "alice", "pw");
      String bob = provider.login(A, "bob", "pw");
      provider.journal().clear();
      page(traefik, A, alice, "alice");
      assertThat(checks(A)).isOne();
      page(traefik, B, alice, "alice");
      assertThat(checks(B)).as("a new host").isOne();
      page(traefik, A, bob, "bob");
      page(traefik, B, bob, "bob");
      assertThat(checks(A)).as("a new session").isEqualTo(2);
      assertThat(checks(B)).as("a further session on a bound host").isOne();
    }
  }

  @Test
  void sharedVerdict_reachesNoIndividualApplicationAndNoLookalike() throws Exception {
    write(true, VAULT_ALONE);
    try (Sidecar postern = postern();
        Traefik traefik = traefik(postern)) {
      awaitApplications(postern, "\"vault\"");
      String alice = provider.login(A, "alice", "pw");
      String bob = provider.login(A, "bob", "pw");
      String hidden = provider.login(HIDDEN, "bob", "pw");
      provider.journal().clear();
      page(traefik, A, alice, "alice");
      page(traefik, A, bob, "bob");
      assertThat(ask(traefik, VAULT, alice).status()).isEqualTo(302);
      assertThat(ask(traefik, HIDDEN, alice).status()).isEqualTo(302);
      assertThat(checks(VAULT)).isOne();
      assertThat(checks(HIDDEN)).isOne();

      assertAllowed(ask(traefik, HIDDEN, hidden), "bob");
      assertThat(ask(traefik, A, hidden).status()).as("and not the other way").isEqualTo(302);

      assertAllowed(ask(traefik, EVIL, alice), "alice");
      assertAllowed(ask(traefik, EVIL, bob), "bob");
      assertThat(checks(EVIL)).as("each session asks for itself").isEqualTo(2);
    }
  }

  @Test
  void hostClaimedLater_byAnIndividualApplication_isAskedForAgain() throws Exception {
    write(true, VAULT_ALONE);
    try (Sidecar postern = postern();
        Traefik traefik = traefik(postern)) {
      awaitApplications(postern, "\"everything\"");
      String alice = provider.login(A, "alice", "pw");
      String bob = provider.login(A, "bob", "pw");
      page(traefik, B, alice, "alice");
      page(traefik, A, bob, "bob");
      provider.journal().clear();
      assertAllowed(ask(traefik, B, bob), "bob");
      assertThat(checks(B)).as("shared before").isZero();

      write(
          true,
          VAULT_ALONE
              + """
                    later: { kind: individual, rule: "Host(`b.domain.test`)", slug: later }
              """);
      awaitApplications(postern, "\"later\"");
      assertAllowed(ask(traefik, B, bob), "bob");
      assertAllowed(ask(traefik, B, bob), "bob");
      assertThat(checks(B)).as("another application than expected is never kept").isEqualTo(2);
    }
  }

  @Test
  void revocationOfAHost_sharedVerdictEarnedElsewhere_endsIt() throws Exception {
    write(true, VAULT_ALONE);
    try (Sidecar postern = postern();
        Traefik traefik = traefik(postern)) {
      awaitApplications(postern, "\"everything\"");
      String alice = provider.login(A, "alice", "pw");
      String bob = provider.login(A, "bob", "pw");
      page(traefik, B, alice, "alice");
      page(traefik, A, bob, "bob");
      provider.journal().clear();
      String body = "{\"application\":\"" + B + "\"}";
      RawMessage answer =
          RawHttp.once(
              postern.adminPort(),
              "POST /api/revocations HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                  + "Content-Type: application/json\r\nContent-Length: "
                  + body.length()
                  + "\r\n\r\n"
                  + body);
      assertThat(answer.body()).contains("\"removed\":2");
      assertAllowed(ask(traefik, B, bob), "bob");
      assertThat(checks(B)).isOne();
    }
  }

  @Test
  void catchAllWithoutShare_eachHost_asksForItself() throws Exception {
    write(false, VAULT_ALONE);
    try (Sidecar postern = postern();
        Traefik traefik = traefik(postern)) {
      awaitApplications(postern, "\"everything\"");
      String alice = provider.login(A, "alice", "pw");
      String bob = provider.login(A, "bob", "pw");
      provider.journal().clear();
      for (String host : List.of(A, B)) {
        page(traefik, host, alice, "alice");
        page(traefik, host, bob, "bob");
      }
      assertThat(checks(A)).isEqualTo(2);
      assertThat(checks(B)).isEqualTo(2);
    }
  }
}
