package dev.postern.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.app.Sidecar;
import dev.postern.demo.core.DemoApplication;
import dev.postern.demo.core.DemoUser;
import dev.postern.demo.idp.DemoIdentityProvider;
import dev.postern.testing.Certificates;
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
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The plugin in real Traefik with a real Postern and the demo identity provider.
///
/// Each host is one way to connect to Postern: `plain`, and over TLS `ca`, `skip`, `named` (the
/// certificate is checked for another name than the address has), `wrongca` and `wrongname`.
@NeedsTraefik
class PluginRoundTripIT {
  private static final String VAULT = "vault.domain.test";

  @TempDir Path directory;
  private final EchoBackend backend = new EchoBackend();
  private final DemoIdentityProvider provider =
      DemoIdentityProvider.builder()
          .application(
              DemoApplication.catchAll("everything", "https://auth.domain.test", "domain.test"))
          .application(DemoApplication.individual("vault", "https://" + VAULT))
          .user(DemoUser.of("alice", "pw", "Alice", "a@example.test", List.of("g1", "g2")))
          .start();
  private Sidecar postern;
  private Traefik traefik;

  @BeforeEach
  void start() throws Exception {
    URI url = URI.create("http://127.0.0.1:" + provider.address().getPort());
    Path state = directory.resolve("state");
    postern = Sidecar.start(PosternConfig.of(url, state).build());
    Path other =
        Files.writeString(
            directory.resolve("other.crt"), Certificates.selfSigned(directory, "other").certPem());
    Path work = Files.createDirectory(directory.resolve("traefik"));
    Files.createSymbolicLink(
        work.resolve("plugins-local"), Path.of("compose/plugins-local").toAbsolutePath());
    traefik =
        Traefik.start(
            work,
            List.of("web", "trusting, forwardedHeaders: { insecure: true }"),
            dynamic(state.resolve("postern.crt"), other),
            "experimental: { localPlugins: { postern: { moduleName: postern.dev/traefik } }"
                + " }\n");
  }

  private String dynamic(Path ca, Path other) {
    return """
    http:
      middlewares:
        plain: { plugin: { postern: { address: "http://127.0.0.1:%1$d" } } }
        ca: { plugin: { postern: { address: "https://127.0.0.1:%2$d", tls: { ca: "%3$s" } } } }
        skip: { plugin: { postern: { address: "https://127.0.0.1:%2$d", tls: { insecureSkipVerify: true } } } }
        named: { plugin: { postern: { address: "https://127.0.0.1:%2$d", tls: { ca: "%3$s", serverName: localhost } } } }
        wrongca: { plugin: { postern: { address: "https://127.0.0.1:%2$d", tls: { ca: "%4$s" } } } }
        wrongname: { plugin: { postern: { address: "https://127.0.0.1:%2$d", tls: { ca: "%3$s", serverName: other.test } } } }
      routers:
        plain: { rule: "Host(`plain.domain.test`) || Host(`%5$s`)", middlewares: [plain], service: app }
        ca: { rule: "Host(`ca.domain.test`)", middlewares: [ca], service: app }
        skip: { rule: "Host(`skip.domain.test`)", middlewares: [skip], service: app }
        named: { rule: "Host(`named.domain.test`)", middlewares: [named], service: app }
        wrongca: { rule: "Host(`wrongca.domain.test`)", middlewares: [wrongca], service: app }
        wrongname: { rule: "Host(`wrongname.domain.test`)", middlewares: [wrongname], service: app }
        outpost: { rule: "PathPrefix(`/outpost.goauthentik.io/`)", priority: 100, service: postern }
      services:
        app: { loadBalancer: { servers: [{ url: "%6$s" }] } }
        postern: { loadBalancer: { servers: [{ url: "http://127.0.0.1:%1$d" }] } }
    """
        .formatted(postern.authPort(), postern.authsPort(), ca, other, VAULT, backend.url());
  }

  @AfterEach
  void stop() {
    traefik.close();
    postern.close();
    provider.close();
    backend.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain", "ca", "skip", "named"})
  void round_signInPagesSignOut_causesOneCheckAndANewSignIn(String way) throws Exception {
    String host = way + ".domain.test";
    RawMessage asked = ask("web", host, "/page", "a=b");
    assertThat(asked.status()).isEqualTo(302);
    assertThat(asked.first("Location")).contains("/application/o/authorize/");
    assertThat(asked.values("Set-Cookie")).isNotEmpty();

    String cookie = provider.login(host, "alice", "pw");
    provider.journal().clear();
    for (int i = 0; i < 20; i++) {
      RawMessage page = ask("web", host, "/image/" + i, cookie);
      assertThat(page.status()).isEqualTo(200);
      assertThat(page.body())
          .contains("X-Authentik-Username: alice", "X-Authentik-Groups: g1|g2")
          .doesNotContain("forged");
    }
    assertThat(provider.journal().checks()).as("checks of twenty images").hasSize(1);

    assertThat(ask("web", host, "/outpost.goauthentik.io/sign_out", cookie).status())
        .isEqualTo(302);
    assertThat(ask("web", host, "/page", cookie).status()).as("checked again").isEqualTo(302);
  }

  @ParameterizedTest
  @ValueSource(strings = {"wrongca", "wrongname"})
  void certificate_notTheOneExpected_is500AndNoAccess(String way) throws Exception {
    assertThat(ask("web", way + ".domain.test", "/page", "a=b").status()).isEqualTo(500);
    assertThat(backend.requests()).isEmpty();
    assertThat(traefik.log()).contains(way + "@file: no verdict", "x509");
  }

  @Test
  void forgedHost_ofABelievedPeer_opensNoOtherApplication() throws Exception {
    String cookie = provider.login("plain.domain.test", "alice", "pw");
    for (String entryPoint : List.of("web", "trusting")) {
      assertThat(ask(entryPoint, "plain.domain.test", "/page", cookie).status()).isEqualTo(200);
      RawMessage vault =
          ask(
              entryPoint,
              VAULT,
              "/page",
              cookie,
              "X-Forwarded-Host: plain.domain.test",
              "X-Forwarded-Uri: /page",
              "X_Forwarded_Host: plain.domain.test");
      assertThat(vault.status()).as(entryPoint).isEqualTo(302);
    }
  }

  private RawMessage ask(String entryPoint, String host, String path, String cookie, String... more)
      throws IOException {
    List<String> lines =
        new ArrayList<>(
            List.of("Host: " + host, "Cookie: " + cookie, "X_Authentik_Username: forged"));
    lines.addAll(List.of(more));
    lines.add("Connection: close");
    return RawHttp.once(traefik.port(entryPoint), RawHttp.request("GET", path, lines));
  }
}
