package dev.postern.testing.program;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.AriaRole;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// A real browser. Not thread-safe.
public final class Chromium implements AutoCloseable {
  private final Playwright playwright;
  private final Browser browser;

  private Chromium(Playwright playwright, List<String> further) {
    this.playwright = playwright;
    this.browser =
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions()
                    .setExecutablePath(ExternalProgram.CHROMIUM.require())
                    .setArgs(
                        Stream.concat(
                                Stream.of(
                                    "--no-sandbox",
                                    "--disable-gpu",
                                    "--disable-quic",
                                    "--no-first-run",
                                    "--disable-background-networking",
                                    "--disable-component-update",
                                    "--disable-sync"),
                                further.stream())
                            .toList()));
  }

  /// Starts the installed browser.
  ///
  /// @param further arguments of its command line
  /// @return the browser, without a window
  public static Chromium launch(String... further) {
    return new Chromium(
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"))),
        List.of(further));
  }

  /// {@return the browser}
  public Browser browser() {
    return browser;
  }

  /// Fills in the login page of the demo's identity provider.
  ///
  /// @param user the user name
  public static void signIn(Page page, String user, String password) {
    page.getByLabel("User name").fill(user);
    page.getByLabel("Password").fill(password);
    page.getByRole(AriaRole.BUTTON).click();
  }

  /// Enters the one-time code that the demo's identity provider shows on the page.
  public static void enterShownCode(Page page) {
    page.getByLabel("One-time code").fill(page.locator("code").first().textContent().strip());
    page.getByRole(AriaRole.BUTTON).click();
  }

  @Override
  public void close() {
    playwright.close();
  }
}
