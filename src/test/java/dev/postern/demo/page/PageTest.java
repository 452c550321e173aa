package dev.postern.demo.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.demo.http.Header;
import dev.postern.demo.http.HttpHandler;
import dev.postern.demo.http.HttpRequest;
import dev.postern.demo.http.Reply;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PageTest {
  private static final Places PLACES =
      new Places(
          "http://h.test", "http://p.test", "http://d.test", "http://w.test", "http://v.test");

  private final AtomicLong checks = new AtomicLong(7);
  private final AtomicLong nanos = new AtomicLong();
  private final Photos photos =
      new Photos(true, PLACES, 30, (host, sub) -> checks.get(), nanos::get);

  private static Reply.Response get(HttpHandler handler, String target, Header... more)
      throws InterruptedException {
    List<Header> headers = new ArrayList<>(List.of(more));
    headers.add(new Header("Host", "p.test"));
    headers.add(new Header("X-authentik-uid", "sub-alice"));
    headers.add(new Header("X-authentik-name", "Zo\u00c3\u00ab <b>"));
    headers.add(new Header("X-authentik-jwt", "t".repeat(300)));
    var peer = new InetSocketAddress(InetAddress.getLoopbackAddress(), 5);
    return (Reply.Response)
        handler.handle(new HttpRequest("GET", target, headers, new byte[0], peer));
  }

  @Test
  void counters_oneCheckForAHundredImages_areOneAndAHundredSaved() throws InterruptedException {
    assertThat(get(photos, "/favicon.ico").status()).isEqualTo(404);
    checks.incrementAndGet();
    assertThat(get(photos, "/").text()).contains("Signed in as <strong>Zoë &lt;b&gt;</strong>");
    for (int n = 1; n <= Photos.IMAGES; n++) {
      nanos.addAndGet(2_000_000);
      get(photos, "/image.svg?run=1&n=" + n);
    }
    assertThat(get(photos, "/counters?run=1").text())
        .isEqualTo("{\"requests\":101,\"checks\":1,\"saved\":100,\"millis\":200}");
  }

  @Test
  void counters_unknownRun_isNotFound() throws InterruptedException {
    assertThat(get(photos, "/counters?run=99").status()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "100", "0", "-5", "x", ""})
  void image_anyNumber_isAnUncachedSvg(String number) throws InterruptedException {
    Reply.Response image = get(photos, "/image.svg?n=" + number);
    assertThat(image.header("Content-Type")).isEqualTo("image/svg+xml");
    assertThat(image.header("Cache-Control")).isEqualTo("no-store");
    assertThat(image.text()).startsWith("<svg ");
  }

  @Test
  void page_isSelfContainedAndMarkedUp() throws InterruptedException {
    String html = get(photos, "/").text();
    assertThat(html.split("<img ", -1)).hasSize(Photos.IMAGES + 1);
    assertThat(html)
        .contains(
            "<html lang=\"en\">", "<main id=\"content\">", "<nav aria-label", "role=\"status\"")
        .contains("prefers-color-scheme", "aria-current=\"page\"")
        .contains("Each check takes 30 ms here", "(number === 1 ? '' : 's')")
        .doesNotContain("src=\"http", "@import", "<link rel=\"stylesheet\"");
  }

  @Test
  void whoami_plain_showsTheRequestLikeTraefiks() throws InterruptedException {
    Whoami whoami = new Whoami("Who", "Text", "http://w.test", PLACES);
    assertThat(get(whoami, "/a?b").text())
        .startsWith("Hostname: whoami\nIP: 127.0.0.1\nRemoteAddr: 127.0.0.1:5\nGET /a?b HTTP/1.1\n")
        .contains("\nX-authentik-uid: sub-alice\n", "\nX-authentik-name: Zoë <b>\n");
  }

  @Test
  void whoami_headerNames_doNotBreakInsideWords() throws InterruptedException {
    Whoami whoami = new Whoami("Who", "Text", "http://w.test", PLACES);
    assertThat(get(whoami, "/", new Header("Accept", "text/html")).text())
        .contains("th { width: 32%; font-weight: 600; overflow-wrap: normal; }");
  }

  @Test
  void unknownHost_anyPath_linksTheStartPage() throws InterruptedException {
    Reply.Response page = get(new UnknownHost(PLACES), "/any");
    assertThat(page.status()).isEqualTo(404);
    assertThat(page.header("Content-Type")).isEqualTo("text/html; charset=utf-8");
    assertThat(page.text())
        .contains("The demo is at <a href=\"http://h.test/\">http://h.test/</a>.");
  }

  @Test
  void whoami_page_escapesAndShortensTheToken() throws InterruptedException {
    Whoami whoami = new Whoami("Who", "Text", "http://w.test", PLACES);
    String html = get(whoami, "/", new Header("Accept", "text/html")).text();
    assertThat(html)
        .contains("Zoë &lt;b&gt;", "t".repeat(24) + "… (300 characters)")
        .doesNotContain("t".repeat(25));
  }
}
