package dev.postern.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.app.Sidecar;
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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/// Individual applications and a catch-all, through real Traefik and the demo identity provider,
/// which imitates authentik's quirks.
@NeedsTraefik
class ApplicationsIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String A = "a.domain.test";
  private static final String B = "b.domain.test";
  private static final String VAULT = "vault.domain.test";

  /// An individual application that only the identity provider has.
  private static final String HIDDEN = "hidden.domain.test";

  /// The outpost treats the catch-all's domain as a plain suffix (docs/design/authentik.md section
  /// 3).
  private static final String EVIL = "evildomain.test";

  private static final String VAULT_ALONE =
      """
            vault: { kind: individual, rule: "Host(`vault.domain.test`)", slug: vault }
      """;

  private static final String NOT_SHARED = "not-shared";

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
  private Sidecar postern;
  private Traefik traefik;
  private String alice;
  private String bob;

  @AfterEach
  void stop() {
    traefik.close();
    postern.close();
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

  /// Starts everything in front of the identity provider, and signs both users in at the catch-all.
  @BeforeEach
  void start(TestInfo test) throws Exception {
    rules = Files.createDirectory(directory.resolve("rules"));
    write(!test.getTags().contains(NOT_SHARED), VAULT_ALONE);
    URI url = URI.create("http://127.0.0.1:" + provider.address().getPort());
    postern = Sidecar.start(PosternConfig.of(url, directory.resolve("state")).rules(rules).build());
    traefik = startTraefik();
    awaitApplications("\"everything\"");
    awaitApplications("\"vault\"");
    alice = provider.login(A, "alice", "pw");
    bob = provider.login(A, "bob", "pw");
    provider.journal().clear();
  }

  private Traefik startTraefik() {
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

  private RawMessage ask(String host, String cookie) throws IOException {
    return RawHttp.once(
        traefik.port("web"),
        RawHttp.get("/page", "Host: " + host, "Cookie: " + cookie, "Connection: close"));
  }

  private static void assertAllowed(RawMessage answer, String username) {
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).containsIgnoringCase("X-Authentik-Username: " + username);
  }

  /// Number of checks for a host at the identity provider, from all callers.
  private long checks(String host) {
    return provider.journal().checks().stream().filter(one -> one.host().equals(host)).count();
  }

  private String api(String path) throws IOException {
    return RawHttp.once(
            postern.adminPort(), RawHttp.get(path, "Host: localhost", "Connection: close"))
        .body();
  }

  private void awaitApplications(String text) {
    Await.until(
        "the applications hold " + text, LIMIT, () -> api("/api/applications").contains(text));
  }

  /// A page with many images.
  private void page(String host, String cookie, String username) throws Exception {
    List<Future<RawMessage>> page = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      page.add(clients.submit(() -> ask(host, cookie)));
    }
    for (Future<RawMessage> answer : page) {
      assertAllowed(answer.get(LIMIT.toSeconds(), TimeUnit.SECONDS), username);
    }
  }

  @Test
  void sharedCatchAll_eachFurtherHost_costsOneCheckAndFurtherSessionsNone() throws Exception {
    page(A, alice, "alice");
    assertThat(checks(A)).isOne();
    page(B, alice, "alice");
    assertThat(checks(B)).as("a new host").isOne();
    page(A, bob, "bob");
    page(B, bob, "bob");
    assertThat(checks(A)).as("a new session").isEqualTo(2);
    assertThat(checks(B)).as("a further session on a bound host").isOne();
  }

  @Test
  void sharedVerdict_reachesNoIndividualApplicationAndNoLookalike() throws Exception {
    String hidden = provider.login(HIDDEN, "bob", "pw");
    provider.journal().clear();
    page(A, alice, "alice");
    page(A, bob, "bob");
    assertThat(ask(VAULT, alice).status()).isEqualTo(302);
    assertThat(ask(HIDDEN, alice).status()).isEqualTo(302);
    assertThat(checks(VAULT)).isOne();
    assertThat(checks(HIDDEN)).isOne();

    assertAllowed(ask(HIDDEN, hidden), "bob");
    assertThat(ask(A, hidden).status()).as("and not the other way").isEqualTo(302);

    assertAllowed(ask(EVIL, alice), "alice");
    assertAllowed(ask(EVIL, bob), "bob");
    assertThat(checks(EVIL)).as("each session asks for itself").isEqualTo(2);
  }

  @Test
  void hostClaimedLater_byAnIndividualApplication_causesANewCheck() throws Exception {
    page(B, alice, "alice");
    page(A, bob, "bob");
    provider.journal().clear();
    assertAllowed(ask(B, bob), "bob");
    assertThat(checks(B)).as("shared before").isZero();

    write(
        true,
        VAULT_ALONE
            + """
                  later: { kind: individual, rule: "Host(`b.domain.test`)", slug: later }
            """);
    awaitApplications("\"later\"");
    assertAllowed(ask(B, bob), "bob");
    assertAllowed(ask(B, bob), "bob");
    assertThat(checks(B)).as("another application than expected is never kept").isEqualTo(2);
  }

  @Test
  void revocationOfAHost_sharedVerdictFromAnotherHost_removesIt() throws Exception {
    page(B, alice, "alice");
    page(A, bob, "bob");
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
    assertAllowed(ask(B, bob), "bob");
    assertThat(checks(B)).isOne();
  }

  @Test
  @Tag(NOT_SHARED)
  void catchAllWithoutShare_eachHost_hasItsOwnCheck() throws Exception {
    for (String host : List.of(A, B)) {
      page(host, alice, "alice");
      page(host, bob, "bob");
    }
    assertThat(checks(A)).isEqualTo(2);
    assertThat(checks(B)).isEqualTo(2);
  }
}
