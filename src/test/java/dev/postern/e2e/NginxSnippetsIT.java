package dev.postern.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.app.Sidecar;
import dev.postern.demo.core.DemoApplication;
import dev.postern.demo.core.DemoUser;
import dev.postern.demo.idp.DemoIdentityProvider;
import dev.postern.docs.MarkdownPage;
import dev.postern.testing.Await;
import dev.postern.testing.EchoBackend;
import dev.postern.testing.PosternConfig;
import dev.postern.testing.RawHttp;
import dev.postern.testing.RawMessage;
import dev.postern.testing.program.ChildProcess;
import dev.postern.testing.program.ExternalProgram;
import dev.postern.testing.program.FreePorts;
import dev.postern.testing.program.NeedsProgram;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The nginx files of `docs/migrating.md`, with only addresses and TLS changed, in a real nginx
/// with Postern and the demo identity provider.
@NeedsProgram(ExternalProgram.NGINX)
class NginxSnippetsIT {
  private static final String HOST = "wiki.domain.tld";
  private static final String NAMES =
      "username groups entitlements email name uid jwt meta-jwks meta-outpost meta-provider"
          + " meta-app meta-version";
  private static final Duration LIMIT = Duration.ofSeconds(30);

  @TempDir Path directory;
  private final int port = FreePorts.find(1).getFirst();
  private final EchoBackend wiki = new EchoBackend();
  private final DemoIdentityProvider provider =
      DemoIdentityProvider.builder()
          .application(DemoApplication.individual("wiki", "http://" + HOST))
          .user(DemoUser.of("alice", "pw", "Alice", "a@example.test", List.of("g1")))
          .start();
  private Sidecar postern;
  private ChildProcess nginx;

  @BeforeEach
  void start() throws Exception {
    URI upstream = URI.create("http://127.0.0.1:" + provider.address().getPort());
    postern = Sidecar.start(PosternConfig.of(upstream, directory.resolve("state")).build());
    nginx =
        ChildProcess.start(
            directory.resolve("nginx.log"),
            List.of(
                ExternalProgram.NGINX.require().toString(),
                "-c",
                writeFiles().toString(),
                "-e",
                "stderr"));
    Await.until("nginx answers or ends", LIMIT, () -> !nginx.isAlive() || answers());
    assertThat(nginx.isAlive()).as(nginx.log()).isTrue();
  }

  /// The name of a snippet follows the language of its block.
  private Path writeFiles() throws IOException {
    for (MarkdownPage.Block block : MarkdownPage.read(Path.of("docs/migrating.md")).blocks()) {
      if (block.isA("nginx") && block.words().size() == 2) {
        Path file = directory.resolve(block.words().getLast());
        Files.createDirectories(file.getParent());
        Files.writeString(
            file,
            block
                .text()
                .replace("postern:9000;", "127.0.0.1:" + postern.authPort() + ";")
                .replace("listen 443 ssl;", "listen 127.0.0.1:" + port + ";")
                .replace("http://wiki:8000;", wiki.url() + ";"));
      }
    }
    StringBuilder temporary = new StringBuilder();
    for (String what : List.of("client_body", "proxy", "fastcgi", "uwsgi", "scgi")) {
      temporary.append("%s_temp_path %s;%n".formatted(what, directory.resolve("temp-" + what)));
    }
    return Files.writeString(
        directory.resolve("nginx.conf"),
        """
        daemon off;
        worker_processes 1;
        pid %s;
        events {}
        http {
        access_log off;
        %s
        include conf.d/*.conf;
        }
        """
            .formatted(directory.resolve("pid"), temporary));
  }

  private boolean answers() throws IOException {
    return ask("/").status() > 0;
  }

  @AfterEach
  void stop() {
    nginx.close();
    postern.close();
    provider.close();
    wiki.close();
  }

  @Test
  void page_withoutSession_leadsToTheLogin() throws Exception {
    RawMessage asked = ask("/page?a=1&b=2", "X-Forwarded-Uri: /elsewhere");
    assertThat(asked.status()).isEqualTo(302);
    String login = asked.values("Location").getFirst();
    assertThat(login).contains("/application/o/authorize/");
    String state = login.substring(login.indexOf("&state=")).split("[.]", -1)[1];
    assertThat(new String(Base64.getUrlDecoder().decode(state), UTF_8))
        .as("where the login comes back to")
        .contains("http://" + HOST + "/page?a=1\\u0026b=2");
    assertThat(asked.first("Set-Cookie")).startsWith("authentik_proxy_");
    assertThat(asked.first("Cache-Control")).isEqualTo("no-store");
    assertThat(wiki.requests()).isEmpty();
  }

  @Test
  void hundredRequests_ofASession_costOneCheckUntilItIsSignedOut() throws Exception {
    String cookie = "Cookie: " + provider.login(HOST, "alice", "pw");
    provider.journal().clear();
    for (int i = 0; i < 100; i++) {
      RawMessage page = ask("/image/" + i, cookie, "X-Authentik-Username: forged");
      assertThat(page.status()).isEqualTo(200);
      assertThat(page.body()).containsIgnoringCase("X-authentik-username: alice");
    }
    assertThat(provider.journal().checks()).hasSize(1);

    assertThat(ask("/outpost.goauthentik.io/sign_out", cookie).status()).isEqualTo(302);
    assertThat(ask("/image/1", cookie).status()).isEqualTo(302);
  }

  @Test
  void identity_ofAClientsOwn_neverArrives() throws Exception {
    String cookie = "Cookie: " + provider.login(HOST, "alice", "pw");
    List<String> forged = new ArrayList<>(List.of(cookie, "X_authentik_uid: forged"));
    for (String name : NAMES.split(" ", -1)) {
      forged.add("X-authentik-" + name + ": forged");
    }
    assertThat(ask("/", forged.toArray(String[]::new)).body())
        .contains("alice")
        .doesNotContain("forged");
  }

  @Test
  void check_asItselfByAClient_isNoPage() throws Exception {
    String cookie = "Cookie: " + provider.login(HOST, "alice", "pw");
    String check = "/outpost.goauthentik.io/auth/traefik";
    for (String path : List.of("/postern", check)) {
      RawMessage answer = ask(path, cookie, "X-Forwarded-Method: GET", "X-Forwarded-Uri: /");
      assertThat(answer.status()).as(path).isEqualTo(404);
    }
  }

  @Test
  void page_whilePosternIsAway_isAnErrorAndNoRedirect() throws Exception {
    String cookie = "Cookie: " + provider.login(HOST, "alice", "pw");
    assertThat(ask("/", cookie).status()).isEqualTo(200);
    postern.close();
    RawMessage answer = ask("/", cookie);
    assertThat(answer.status()).isEqualTo(500);
    assertThat(answer.values("Location")).isEmpty();
  }

  private RawMessage ask(String target, String... more) throws IOException {
    List<String> lines = new ArrayList<>(List.of("Host: " + HOST, "Connection: close"));
    lines.addAll(List.of(more));
    return RawHttp.once(port, RawHttp.request("GET", target, lines));
  }
}
