package dev.postern.stack;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.postern.testing.program.Chromium.enterShownCode;
import static dev.postern.testing.program.Chromium.signIn;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import dev.postern.testing.Await;
import dev.postern.testing.Certificates;
import dev.postern.testing.RawMessage;
import dev.postern.testing.program.Chromium;
import dev.postern.testing.program.ExternalProgram;
import dev.postern.testing.program.FreePorts;
import dev.postern.testing.program.NeedsProgram;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The demo's compose stack after its start: the committed files with real Traefik and a real
/// browser.
@NeedsProgram({ExternalProgram.CHROMIUM, ExternalProgram.TRAEFIK})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DemoComposeIT {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private DemoStack stack;
  private Chromium chromium;

  @BeforeAll
  void start(@TempDir Path directory) throws IOException {
    stack = DemoStack.start(directory);
    chromium = Chromium.launch();
  }

  @AfterAll
  void stop() {
    if (chromium != null) {
      chromium.close();
    }
    if (stack != null) {
      stack.close();
    }
  }

  private String url(String name) {
    return "http://" + stack.authority(name) + "/";
  }

  /// Signs in at the catch-all and returns the line of its cookie.
  private String signedIn(BrowserContext context, String user, String password) {
    Page page = context.newPage();
    page.navigate(url("whoami"));
    signIn(page, user, password);
    assertThat(page).hasURL(url("whoami"));
    return context.cookies(url("whoami")).stream()
        .filter(cookie -> cookie.name.startsWith("authentik_proxy_"))
        .map(cookie -> cookie.name + "=" + cookie.value)
        .collect(Collectors.joining("; ", "Cookie: ", ""));
  }

  @Test
  void round_signsInOnceAndAgainForTheVault_untilSignedOut() {
    try (BrowserContext context = chromium.browser().newContext()) {
      Page page = context.newPage();
      page.navigate(url("open"));
      assertThat(page.locator("body")).not().containsText("X-Authentik-Username");

      page.navigate(url("whoami"));
      signIn(page, "alice", "wonderland");
      assertThat(page).hasURL(url("whoami"));
      assertThat(page.locator("body")).containsText("X-Authentik-Username: alice");

      page.navigate(url("any"));
      assertThat(page).hasURL(url("any"));
      assertThat(page.locator("body")).containsText("X-Authentik-Username: alice");

      page.navigate(url("vault"));
      enterShownCode(page);
      assertThat(page).hasURL(url("vault"));
      assertThat(page.locator("body")).containsText("X-Authentik-Meta-App: vault");

      page.navigate(url("whoami") + "outpost.goauthentik.io/sign_out");
      assertThat(page.locator("body")).containsText("You are signed out everywhere.");
      for (String name : List.of("whoami", "any", "vault")) {
        page.navigate(url(name));
        assertThat(page.getByLabel("Password")).isVisible();
      }
    }
  }

  @Test
  void signOut_onTheLoginsHost_removesPosternsEntries() throws Exception {
    try (BrowserContext context = chromium.browser().newContext()) {
      String cookie = signedIn(context, "bob", "builder");
      for (int i = 0; i < 3; i++) {
        assertThat(stack.ask("whoami", "/cached", cookie).status()).isEqualTo(200);
      }
      awaitLog("/cached", "\"hit\"");
      RawMessage out = stack.ask("auth", "/outpost.goauthentik.io/sign_out", cookie);
      assertThat(out.first("Location"))
          .startsWith(url("auth") + "application/o/catch-all/end-session/");
      assertThat(stack.ask("whoami", "/cached", cookie).status()).isEqualTo(302);
      assertThat(stack.ask("any", "/", cookie).status()).isEqualTo(302);
    }
  }

  @Test
  void forgedIdentity_anySpelling_reachesNoPage() throws Exception {
    String[] forged = {
      "X-Authentik-Username: mallory",
      "X_Authentik_Username: mallory",
      "X.Authentik.Username: mallory",
      "X-Authentik-Meta-App: mallory",
      "X-Authentik-Entitlements: mallory"
    };
    assertThat(stack.ask("open", "/forged", forged).body()).doesNotContain("mallory");
    assertThat(stack.ask("whoami", "/forged", forged).status()).isEqualTo(302);
    try (BrowserContext context = chromium.browser().newContext()) {
      String cookie = signedIn(context, "alice", "wonderland");
      String[] all =
          List.of(cookie, forged[0], forged[1], forged[2], forged[4]).toArray(String[]::new);
      for (int i = 0; i < 2; i++) {
        assertThat(stack.ask("whoami", "/forged", all).body())
            .contains("X-Authentik-Username: alice")
            .doesNotContain("mallory");
      }
    }
  }

  /// An operator may use another proxy in front, which does not remove every forged header.
  @ParameterizedTest
  @ValueSource(strings = {"", "forwardedHeaders: { insecure: true }"})
  void forgedRequest_evenWhereTheEntryPointTrusts_isNotWhatIsJudged(
      String trust, @TempDir Path directory) throws Exception {
    List<Integer> ports = FreePorts.find(2);
    int port = ports.getFirst();
    stack.traefik(
        directory.getFileName().toString(),
        port,
        ports.getLast(),
        text -> text.replace("    http:\n", "    " + trust + "\n    http:\n"));
    try (BrowserContext context = chromium.browser().newContext()) {
      String cookie = signedIn(context, "alice", "wonderland");
      RawMessage vault =
          stack.ask(port, "vault", "/", cookie, "X-Forwarded-Host: " + stack.authority("whoami"));
      assertThat(vault.status()).isEqualTo(302);
      assertThat(vault.first("Location")).contains("client_id=cid-vault");

      String signOut = "X-Forwarded-Uri: /?X-authentik-logout=true";
      for (int i = 0; i < 2; i++) {
        assertThat(stack.ask(port, "whoami", "/", cookie, signOut).status()).isEqualTo(200);
      }
    }
  }

  @Test
  void login_ofItsHost_isAllThatBrowsersReachOfTheIdentityProvider() throws Exception {
    assertThat(stack.ask("auth", "/api/v3/providers/proxy/").first("Location"))
        .as("the catch-all, not the API")
        .contains("client_id=cid-catch-all");
    assertThat(stack.ask("auth", "/outpost.goauthentik.io/auth/traefik").status())
        .as("Postern gives no tokens to browsers")
        .isNotEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"whoami", "any", "vault", "open", "auth"})
  void outpostPaths_ofEachHost_passThroughPostern(String name) throws Exception {
    assertThat(stack.ask(name, "/outpost.goauthentik.io/ping").status()).isEqualTo(204);
    awaitLog("/outpost.goauthentik.io/ping", "\"" + name + ".postern.localhost\"");
  }

  private void awaitLog(String path, String other) {
    Await.until(
        path + " and " + other + " in Postern's log",
        LIMIT,
        () ->
            stack
                .posternLog()
                .lines()
                .anyMatch(line -> line.contains(path) && line.contains(other)));
  }

  @Test
  void healthChecks_asTheFileWritesThem_areHealthy() {
    for (String service : List.of("traefik", "postern", "identity-provider")) {
      assertThat(stack.healthCheck(service)).as(service).isZero();
    }
  }

  @Test
  void certificate_thatTraefikTrusts_namesTheService() throws Exception {
    assertThat(Certificates.read(stack.certificate()).getSubjectAlternativeNames())
        .anyMatch(name -> name.get(1).equals("postern"));
  }
}
