package dev.postern.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.postern.testing.program.Chromium.enterShownCode;
import static dev.postern.testing.program.Chromium.signIn;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import dev.postern.testing.program.Chromium;
import dev.postern.testing.program.DemoProcess;
import dev.postern.testing.program.ExternalProgram;
import dev.postern.testing.program.NeedsProgram;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The demo in a real browser.
///
/// With `-Dpostern.screenshots=docs/images` the screenshots of the documentation are updated.
@NeedsProgram({ExternalProgram.CHROMIUM, ExternalProgram.TRAEFIK})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DemoIT {
  private static final Path SCREENSHOTS =
      Path.of(System.getProperty("postern.screenshots", "target/screenshots"));

  private static final int PAGE_AND_IMAGES = 101;

  private Chromium chromium;

  enum Front {
    TRAEFIK,
    BUILT_IN;

    String flag() {
      return switch (this) {
        case TRAEFIK -> "--traefik=" + ExternalProgram.TRAEFIK.require();
        case BUILT_IN -> "--traefik=none";
      };
    }
  }

  @BeforeAll
  void launch() {
    chromium = Chromium.launch();
  }

  @AfterAll
  void quit() {
    if (chromium != null) {
      chromium.close();
    }
  }

  @ParameterizedTest
  @EnumSource
  void round_throughTheDemo_showsOneCheckAndSeparatesApplications(Front front, @TempDir Path logs) {
    try (DemoProcess demo = DemoProcess.start(logs, front.flag());
        BrowserContext context = chromium.browser().newContext()) {
      Page page = context.newPage();
      page.navigate(demo.url(""));
      shot(page, front, "start");

      page.navigate(demo.url("photos"));
      signIn(page, "alice", "wonderland");
      assertThat(page.locator("strong").first()).hasText("Alice Liddell");
      loaded(page);
      Assertions.assertThat(number(page, "requests")).isEqualTo(PAGE_AND_IMAGES);
      Assertions.assertThat(number(page, "checks")).isEqualTo(1);
      page.reload();
      loaded(page);
      Assertions.assertThat(number(page, "checks")).isZero();
      Assertions.assertThat(number(page, "saved")).isEqualTo(PAGE_AND_IMAGES);
      shot(page, front, "photos");

      page.navigate(demo.url("photos-direct"));
      loaded(page);
      Assertions.assertThat(number(page, "checks")).isEqualTo(PAGE_AND_IMAGES);
      shot(page, front, "photos-direct");

      page.navigate(demo.url("whoami"));
      assertThat(page.locator("body")).containsText("alice@example.test");

      page.navigate(demo.url("vault"));
      assertThat(page.getByLabel("One-time code")).isVisible();
      shot(page, front, "vault-code");
      enterShownCode(page);
      assertThat(page).hasURL(demo.url("vault"));
      assertThat(page.locator("body")).containsText("alice");
      shot(page, front, "vault");

      page.navigate(demo.url("photos") + "outpost.goauthentik.io/sign_out");
      page.navigate(demo.url("photos"));
      assertThat(page.getByLabel("Password")).isVisible();
      page.navigate(demo.url("vault"));
      assertThat(page.getByLabel("Password")).isVisible();
    }
  }

  @ParameterizedTest
  @EnumSource
  void twoPeople_inTwoBrowsers_neverSeeEachOther(Front front, @TempDir Path logs) {
    try (DemoProcess demo = DemoProcess.start(logs, front.flag());
        BrowserContext first = chromium.browser().newContext();
        BrowserContext second =
            chromium
                .browser()
                .newContext(new Browser.NewContextOptions().setViewportSize(390, 844))) {
      Page alice = first.newPage();
      Page bob = second.newPage();
      alice.navigate(demo.url("photos"));
      bob.navigate(demo.url("photos"));
      signIn(alice, "alice", "wonderland");
      signIn(bob, "bob", "builder");
      for (int i = 0; i < 5; i++) {
        assertThat(alice.locator("strong").first()).hasText("Alice Liddell");
        assertThat(bob.locator("strong").first()).hasText("Bob Bilder");
        alice.navigate(demo.url("photos"));
        bob.navigate(demo.url("photos"));
      }
      loaded(bob);
      shot(bob, front, "photos-phone");
      bob.navigate(demo.url("photos") + "outpost.goauthentik.io/sign_out");
      bob.navigate(demo.url("whoami"));
      assertThat(bob.getByLabel("Password")).isVisible();
      alice.navigate(demo.url("whoami"));
      assertThat(alice.locator("body")).containsText("alice@example.test");
    }
  }

  private static void loaded(Page page) {
    assertThat(page.locator("#requests")).hasText(Pattern.compile("\\d+"));
    assertThat(page.locator("#done")).not().containsText("Loading");
  }

  private static int number(Page page, String id) {
    return Integer.parseInt(page.locator("#" + id).textContent().strip());
  }

  private static void shot(Page page, Front front, String name) {
    if (front == Front.TRAEFIK) {
      page.screenshot(
          new Page.ScreenshotOptions().setPath(SCREENSHOTS.resolve("demo-" + name + ".png")));
    }
  }
}
