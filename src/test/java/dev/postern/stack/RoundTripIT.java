package dev.postern.stack;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.postern.testing.program.Chromium;
import dev.postern.testing.program.ExternalProgram;
import dev.postern.testing.program.NeedsProgram;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Login and logout in a real browser, over TLS, with the public URLs.
///
/// With `-Dpostern.screenshots=docs/images` the screenshots of the documentation are updated.
@NeedsProgram({ExternalProgram.CHROMIUM, ExternalProgram.TRAEFIK})
class RoundTripIT extends OnStack {
  private static final Path SCREENSHOTS =
      Path.of(System.getProperty("postern.screenshots", "target/screenshots"));

  private static Chromium chromium;

  private BrowserContext context;
  private Page page;

  @BeforeAll
  static void startChromium() throws Exception {
    chromium = Chromium.launch(arguments());
  }

  /// The domain's names resolve to Traefik, and only its certificate is accepted without a CA.
  private static String[] arguments() throws GeneralSecurityException {
    byte[] key = stack.certificate().certificate().getPublicKey().getEncoded();
    String pin =
        Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(key));
    StackTraefik.Ports ports = stack.traefik().ports();
    return new String[] {
      "--host-resolver-rules=MAP *.%1$s:443 127.0.0.1:%2$d, MAP *.%1$s:%2$d 127.0.0.1:%2$d, MAP *.%1$s:80 127.0.0.1:%3$d"
          .formatted(Stack.DOMAIN, ports.websecure(), ports.web()),
      "--ignore-certificate-errors-spki-list=" + pin
    };
  }

  @AfterAll
  static void stopChromium() {
    if (chromium != null) {
      chromium.close();
    }
  }

  @BeforeEach
  void open() {
    context =
        chromium.browser().newContext(new Browser.NewContextOptions().setViewportSize(900, 640));
    page = context.newPage();
  }

  @AfterEach
  void close() {
    context.close();
  }

  private static String url(String service) {
    return "https://" + Stack.host(service) + "/";
  }

  private void assertLoginShown(String application) {
    assertThat(page.getByRole(AriaRole.HEADING)).hasText("Sign in to " + application);
    assertThat(page.getByLabel("Password")).isVisible();
  }

  private void signIn() {
    Chromium.signIn(page, "alice", People.password("alice"));
  }

  private void assertShown(String service) {
    assertThat(page).hasURL(url(service));
    assertThat(page.locator("body")).containsText("sub-alice");
  }

  @Test
  void individualApplication_asksForPasswordAndSecondFactor_andAgainAfterSignOut() {
    page.navigate(url("whoami-individual"));
    assertLoginShown("whoami-individual");
    shot("login");
    signIn();
    assertThat(page.getByLabel("One-time code")).isVisible();
    Chromium.enterShownCode(page);
    assertShown("whoami-individual");
    shot("whoami-individual");
    page.reload();
    assertShown("whoami-individual");

    page.navigate(url("whoami-individual") + "outpost.goauthentik.io/sign_out");
    assertThat(page.getByRole(AriaRole.HEADING)).hasText("Signed out");
    page.navigate(url("whoami-individual"));
    assertLoginShown("whoami-individual");
  }

  @Test
  void catchAll_oneSignInForAllItsHosts_untilSignOutOnOneOfThem() {
    page.navigate(url("whoami-catch-all"));
    assertLoginShown("everything-else");
    signIn();
    assertShown("whoami-catch-all");
    page.navigate(url("grafana"));
    assertShown("grafana");
    page.navigate(url("whoami-individual"));
    assertThat(page.getByLabel("One-time code")).isVisible();

    page.navigate(url("grafana") + "outpost.goauthentik.io/sign_out");
    assertThat(page.getByRole(AriaRole.HEADING)).hasText("Signed out");
    for (String service : List.of("whoami-catch-all", "grafana")) {
      page.navigate(url(service));
      assertLoginShown("everything-else");
    }
  }

  @Test
  void csf_isReachedAfterLoginAtItsOwnApplication() {
    page.navigate(url("csf"));
    assertLoginShown("csf");
    signIn();
    assertShown("csf");
    assertThat(page.getByRole(AriaRole.HEADING)).hasText("ConfigServer Firewall");
    shot("csf");

    page.navigate(url("csf") + "outpost.goauthentik.io/sign_out");
    assertThat(page.getByRole(AriaRole.HEADING)).hasText("Signed out");
    page.navigate(url("csf"));
    assertLoginShown("csf");
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "https"})
  void openHost_causesNoCheck(String scheme) {
    page.navigate("https".equals(scheme) ? url("whoami") : "http://" + Stack.host("whoami") + "/");
    assertThat(page.getByRole(AriaRole.HEADING)).hasText("whoami");
    assertThat(page.locator("body")).not().containsText("uthentik");
  }

  private void shot(String name) {
    page.screenshot(
        new Page.ScreenshotOptions().setPath(SCREENSHOTS.resolve("stack-" + name + ".png")));
  }
}
