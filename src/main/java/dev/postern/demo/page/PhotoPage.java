package dev.postern.demo.page;

import dev.postern.demo.http.Header;
import dev.postern.demo.http.Reply;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// The HTML and the images of [Photos].
final class PhotoPage {
  private static final String SCRIPT =
      """
      <script>
      const run = document.currentScript.previousElementSibling.dataset.run;
      const show = async () => {
        const counters = await (await fetch('/counters?run=' + run)).json();
        for (const name of ['requests', 'checks', 'saved', 'millis'])
          document.getElementById(name).textContent = counters[name];
        const count = (number, noun) => number + ' ' + noun + (number === 1 ? '' : 's');
        document.getElementById('done').textContent = 'All images are loaded: '
          + count(counters.requests, 'request') + ', '
          + count(counters.checks, 'check') + ' at the identity provider.';
      };
      addEventListener('load', show);
      </script>
      """;

  private final boolean through;
  private final Places places;
  private final long delayMillis;

  PhotoPage(boolean through, Places places, long delayMillis) {
    this.through = through;
    this.places = places;
    this.delayMillis = delayMillis;
  }

  Reply html(String name, String run) {
    String title = through ? "A hundred images with Postern" : "A hundred images without Postern";
    String explanation =
        through
            ? "The proxy calls Postern before each image. Postern caches the identity provider's"
                + " verdict, so the page costs one check, or none while the verdict is fresh."
            : "The proxy calls the identity provider before each image, so the page costs a check"
                + " for every request.";
    StringBuilder main = new StringBuilder();
    main.append("<h1>").append(title).append("</h1>\n");
    main.append("<p>Signed in as <strong>").append(Html.escape(name)).append("</strong>. ");
    main.append(explanation).append(" Each check takes ").append(delayMillis);
    main.append(" ms here, about as long as with authentik.</p>\n");
    counters(main, run);
    main.append("<h2 id=\"images\">The images</h2>\n");
    String reason = through ? "to see it with a warm cache" : "and pay once more";
    main.append("<p><a href=\"/\">Load the page again</a> ").append(reason).append(".</p>\n");
    main.append("<div class=\"tiles\" role=\"img\" ");
    main.append("aria-label=\"A hundred coloured tiles, each a request of its own\">\n");
    for (int n = 1; n <= Photos.IMAGES; n++) {
      main.append("<img alt=\"\" width=\"64\" height=\"64\" src=\"/image.svg?run=").append(run);
      main.append("&amp;n=").append(n).append("\">\n");
    }
    main.append("</div>\n");
    String url = through ? places.photos() : places.photosDirect();
    return Html.page(title, places.navigation(url), main.toString());
  }

  private static void counters(StringBuilder main, String run) {
    main.append("<h2 id=\"counters\">What it cost</h2>\n<dl class=\"counters\" data-run=\"");
    main.append(run).append("\" aria-labelledby=\"counters\">\n");
    counter(main, "", "requests", "Requests", "");
    counter(main, "", "checks", "Checks at the identity provider", "");
    counter(main, "saved", "saved", "Checks saved", "");
    counter(main, "", "millis", "Time", " ms");
    main.append("</dl>\n").append(SCRIPT);
    main.append("<p id=\"done\" role=\"status\">Loading the images …</p>\n<noscript><p>");
    main.append("Without scripts, the numbers are at <a href=\"/counters?run=").append(run);
    main.append("\">/counters</a>.</p></noscript>\n");
  }

  private static void counter(
      StringBuilder main, String style, String id, String label, String unit) {
    main.append("<div class=\"").append(style).append("\"><dt>").append(label);
    main.append("</dt><dd><span id=\"").append(id).append("\">–</span>").append(unit);
    main.append("</dd></div>\n");
  }

  static Reply image(String number) {
    int n;
    try {
      n = Math.clamp(Integer.parseInt(number), 1, Photos.IMAGES);
    } catch (NumberFormatException e) {
      n = 1;
    }
    int hue = n * 137 % 360;
    int x = n * 29 % 48;
    int y = n * 47 % 48;
    String svg =
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">
        <rect width="64" height="64" fill="hsl(%1$d 45%% 42%%)"/>
        <circle cx="%2$d" cy="%3$d" r="22" fill="hsl(%4$d 60%% 62%%)"/>
        <path d="M0 64 L%3$d 30 L64 64 Z" fill="hsl(%1$d 40%% 26%%)"/>
        </svg>
        """
            .formatted(hue, x + 8, y + 8, (hue + 40) % 360);
    List<Header> headers =
        List.of(
            new Header("Content-Type", "image/svg+xml"), new Header("Cache-Control", "no-store"));
    return new Reply.Response(200, headers, svg.getBytes(StandardCharsets.UTF_8));
  }
}
