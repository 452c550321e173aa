package dev.postern.demo.page;

import dev.postern.demo.http.HttpHandler;
import dev.postern.demo.http.HttpRequest;
import dev.postern.demo.http.Reply;
import java.util.List;

/// The start page, which explains the demo and links its parts. It needs no sign-in.
public final class Welcome implements HttpHandler {
  private final Places places;
  private final List<String> credentials;
  private final long delayMillis;

  /// The page.
  ///
  /// @param places what it links
  /// @param credentials lines such as `alice / wonderland`
  /// @param delayMillis how long the identity provider takes for a check
  public Welcome(Places places, List<String> credentials, long delayMillis) {
    this.places = places;
    this.credentials = List.copyOf(credentials);
    this.delayMillis = delayMillis;
  }

  @Override
  public Reply handle(HttpRequest request) {
    if (!request.path().equals("/")) {
      return Reply.Response.text(404, "text/plain; charset=utf-8", "404 page not found\n");
    }
    StringBuilder main = new StringBuilder();
    main.append("<h1>One page, one check</h1>\n<p>A proxy with ForwardAuth calls the identity ");
    main.append("provider before <em>every</em> request. Postern sits in between and caches ");
    main.append("the verdict. Here each check takes ").append(delayMillis);
    main.append(" ms, about as long as with authentik.</p>\n<h2>Sign in as</h2>\n<ul>\n");
    for (String credential : credentials) {
      main.append("<li><code>").append(Html.escape(credential)).append("</code></li>\n");
    }
    main.append("</ul>\n<h2>Then look around</h2>\n<ol class=\"cards\">\n");
    card(main, places.photos(), "Photos with Postern", "A hundred images for one check.");
    card(main, places.photosDirect(), "Photos without", "The same page, one check for each image.");
    card(main, places.whoami(), "Who am I", "Another host of the same catch-all application.");
    card(
        main,
        places.vault(),
        "Vault",
        "An application of its own. The catch-all verdict never opens it, and it asks for a"
            + " one-time code; the sign-in page shows the code of the moment.");
    String signOut = places.photos() + "/outpost.goauthentik.io/sign_out";
    card(main, signOut, "Sign out", "Then every page asks you to sign in again.");
    main.append("</ol>\n");
    return Html.page("Start", places.navigation(places.home()), main.toString());
  }

  private static void card(StringBuilder main, String url, String title, String text) {
    String target = url.endsWith("sign_out") ? url : url + "/";
    main.append("<li><h3><a href=\"").append(Html.escape(target)).append("\">").append(title);
    main.append("</a></h3><p>").append(text).append("</p></li>\n");
  }
}
