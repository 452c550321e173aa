package dev.postern.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.demo.core.DemoUser;
import dev.postern.demo.core.Totp;
import dev.postern.demo.http.Reply;
import dev.postern.demo.idp.DemoIdentityProvider;
import dev.postern.demo.page.Photos;
import dev.postern.testing.program.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The demo without Postern, over plain HTTP on loopback.
final class DemoTest {
  private static final DemoUser ALICE = DemoDomain.users().getFirst();
  private static final DemoUser BOB = DemoDomain.users().getLast();

  private Demo demo = start();
  private Browser browser = new Browser(demo.address());

  /// One that no connection of this machine takes meanwhile, as happens to ports that the system
  /// chooses.
  private static int freePort() {
    return FreePorts.find(1).getFirst();
  }

  private static Demo start() {
    return Demo.start(
        new Demo.Options(freePort(), Duration.ZERO, true, DemoIdentityProvider::address));
  }

  @BeforeEach
  void startsEmpty() {
    assertThat(demo.identityProvider().journal().checkCount()).isZero();
  }

  @AfterEach
  void stop() {
    browser.close();
    demo.close();
  }

  private static Reply.Response signIn(Browser browser, String url, DemoUser user)
      throws IOException {
    Reply.Response page = browser.open(url);
    assertThat(page.text()).contains("Sign in to");
    return browser.submit(page, Map.of("username", user.username(), "password", user.password()));
  }

  @Test
  void signIn_photos_endsOnTheRequestedPage() throws IOException {
    Reply.Response page = signIn(browser, demo.places().photos() + "/", ALICE);
    assertThat(page.status()).isEqualTo(200);
    assertThat(browser.location()).hasToString(demo.places().photos() + "/");
    assertThat(page.text()).contains("Signed in as <strong>Alice Liddell</strong>");
    assertThat(browser.hasCookie("photos-direct." + Demo.DOMAIN, "authentik_proxy_")).isTrue();
  }

  @Test
  void signIn_wrongPassword_keepsUserNameAndTarget() throws IOException {
    Reply.Response page = browser.open(demo.places().photos() + "/");
    Reply.Response again = browser.submit(page, Map.of("username", "alice", "password", "no"));
    assertThat(again.text()).contains("do not match", "name=\"username\" value=\"alice\"");
    Reply.Response escaped = browser.submit(again, Map.of("username", "\"<b>", "password", "no"));
    assertThat(escaped.text()).contains("value=\"&#34;&lt;b&gt;\"");
    Reply.Response photos =
        browser.submit(again, Map.of("username", "alice", "password", ALICE.password()));
    assertThat(photos.text()).contains("Alice Liddell");
  }

  @Test
  void counters_aHundredImagesWithoutPostern_costACheckForEachRequest() throws IOException {
    Reply.Response page = signIn(browser, demo.places().photosDirect() + "/", ALICE);
    String run = page.text().replaceAll("(?s).*data-run=\"(\\d+)\".*", "$1");
    for (int n = 1; n <= Photos.IMAGES; n++) {
      Reply.Response image =
          browser.open(demo.places().photosDirect() + "/image.svg?run=" + run + "&n=" + n);
      assertThat(image.header("Content-Type")).isEqualTo("image/svg+xml");
    }
    Reply.Response json = browser.open(demo.places().photosDirect() + "/counters?run=" + run);
    JsonNode counters = new JsonMapper().readTree(json.text());
    assertThat(counters.path("requests").asInt()).isEqualTo(101);
    assertThat(counters.path("checks").asInt()).isEqualTo(101);
    assertThat(counters.path("saved").asInt()).isZero();
  }

  @Test
  void counters_secondLoading_countsOnlyItsOwnChecks() throws IOException {
    Reply.Response first = signIn(browser, demo.places().photosDirect() + "/", ALICE);
    browser.open(demo.places().photosDirect() + "/counters?run=" + run(first));
    Reply.Response second = browser.open(demo.places().photosDirect() + "/");
    Reply.Response json =
        browser.open(demo.places().photosDirect() + "/counters?run=" + run(second));
    JsonNode counters = new JsonMapper().readTree(json.text());
    assertThat(counters.path("requests").asInt()).isEqualTo(1);
    assertThat(counters.path("checks").asInt()).isEqualTo(1);
  }

  private static String run(Reply.Response page) {
    return page.text().replaceAll("(?s).*data-run=\"(\\d+)\".*", "$1");
  }

  @Test
  void vault_withTheCatchAllSession_asksForTheSecondFactor() throws IOException {
    signIn(browser, demo.places().photos() + "/", ALICE);
    Reply.Response step = browser.open(demo.places().vault() + "/");
    assertThat(step.text()).contains("One-time code").doesNotContain("The vault");
    Reply.Response wrong = browser.submit(step, Map.of("code", "000000x"));
    assertThat(wrong.text()).contains("not valid now");
    String secret = Objects.requireNonNull(ALICE.totpSecret());
    Reply.Response vault = browser.submit(wrong, Map.of("code", Totp.code(secret, Instant.now())));
    assertThat(browser.location()).hasToString(demo.places().vault() + "/");
    assertThat(vault.text()).contains("The vault").contains("X-authentik-meta-app</th><td>vault");
  }

  @Test
  void signOut_afterPhotosAndVault_requiresSignInEverywhere() throws IOException {
    signIn(browser, demo.places().photos() + "/", ALICE);
    Reply.Response out = browser.open(demo.places().photos() + "/outpost.goauthentik.io/sign_out");
    assertThat(out.text()).contains("Signed out", ">Back to the application</a>");
    assertThat(
            browser
                .open("http://auth." + Demo.DOMAIN + ":" + demo.address().getPort() + "/")
                .text())
        .contains("One page, one check");
    assertThat(browser.open(demo.places().photos() + "/").text()).contains("Sign in to");
    assertThat(browser.open(demo.places().whoami() + "/").text()).contains("Sign in to");
  }

  @Test
  void twoPeople_inTwoBrowsers_eachSeeThemselves() throws IOException {
    try (Browser other = new Browser(demo.address())) {
      signIn(browser, demo.places().whoami() + "/", ALICE);
      signIn(other, demo.places().whoami() + "/", BOB);
      assertThat(browser.open(demo.places().whoami() + "/").text())
          .contains("sub-alice")
          .doesNotContain("sub-bob");
      assertThat(other.open(demo.places().whoami() + "/").text())
          .contains("sub-bob")
          .doesNotContain("sub-alice");
    }
  }

  @Test
  void start_portTaken_failsAndLeavesNothingBehind() {
    AtomicReference<InetSocketAddress> left = new AtomicReference<>();
    Demo.Options options =
        new Demo.Options(
            demo.address().getPort(),
            Duration.ZERO,
            true,
            provider -> {
              left.set(provider.address());
              return provider.address();
            });
    assertThatThrownBy(() -> Demo.start(options)).isInstanceOf(UncheckedIOException.class);
    InetSocketAddress address = left.get();
    assertThatThrownBy(() -> new Socket(address.getAddress(), address.getPort()).close())
        .isInstanceOf(ConnectException.class);
  }

  @Test
  void services_withoutFrontProxy_areReachedByHostForARealOne() throws IOException {
    try (Demo bare =
            Demo.start(
                new Demo.Options(freePort(), Duration.ZERO, false, DemoIdentityProvider::address));
        Browser proxy = new Browser(bare.servicesAddress())) {
      assertThat(proxy.open(bare.places().home() + "/").text()).contains("One page, one check");
      assertThat(proxy.open(bare.places().vault() + "/").text()).contains("The vault");
      Reply.Response unknown = proxy.open("http://localhost/");
      assertThat(unknown.status()).isEqualTo(404);
      assertThat(unknown.text()).contains("The demo is at <a href=\"" + bare.places().home());
      assertThat(bare.places().home()).endsWith(":" + bare.address().getPort());
    }
  }

  @Test
  void welcome_withoutSession_showsCredentialsAndLinks() throws IOException {
    Reply.Response page = browser.open(demo.places().home() + "/");
    assertThat(page.text())
        .contains("alice / wonderland", demo.places().vault(), "<main id=\"content\">");
  }
}
