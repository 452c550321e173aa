package dev.postern.demo.page;

import dev.postern.demo.http.HttpHandler;
import dev.postern.demo.http.HttpRequest;
import dev.postern.demo.http.Reply;

/// Responds to hosts that the demo does not have, `localhost` for example, with a link to its start
/// page.
public final class UnknownHost implements HttpHandler {
  private final Places places;

  /// @param places the URLs of the demo
  public UnknownHost(Places places) {
    this.places = places;
  }

  @Override
  public Reply handle(HttpRequest request) {
    String home = Html.escape(places.home() + "/");
    Reply.Response page =
        Html.page(
            "Not found",
            places.navigation(""),
            "<h1>Not found</h1>\n<p>The demo is at <a href=\"%1$s\">%1$s</a>.</p>\n"
                .formatted(home));
    return new Reply.Response(404, page.headers(), page.body());
  }
}
