package dev.postern.demo.page;

import dev.postern.demo.golang.GoQuery;
import dev.postern.demo.http.Header;
import dev.postern.demo.http.HttpHandler;
import dev.postern.demo.http.HttpRequest;
import dev.postern.demo.http.Reply;
import java.util.Locale;

/// A service that shows the request it received: plain text as traefik/whoami writes it, or a page
/// for browsers.
public final class Whoami implements HttpHandler {
  private static final int SHOWN_OF_SECRETS = 24;

  private final String title;
  private final String text;
  private final String url;
  private final Places places;

  /// A whoami.
  ///
  /// @param title the heading of its page
  /// @param text what the page says about this host
  /// @param url its own URL
  /// @param places the other places of the demo
  public Whoami(String title, String text, String url, Places places) {
    this.title = title;
    this.text = text;
    this.url = url;
    this.places = places;
  }

  @Override
  public Reply handle(HttpRequest request) {
    return request.header("Accept").contains("text/html") ? page(request) : plain(request);
  }

  private static Reply plain(HttpRequest request) {
    StringBuilder out = new StringBuilder("Hostname: whoami\nIP: 127.0.0.1\nRemoteAddr: ");
    out.append(request.peer().getAddress().getHostAddress());
    out.append(':').append(request.peer().getPort()).append('\n');
    out.append(request.method()).append(' ').append(request.target()).append(" HTTP/1.1\n");
    for (Header header : request.headers()) {
      out.append(header.name()).append(": ").append(GoQuery.text(header.value())).append('\n');
    }
    return Reply.Response.text(200, "text/plain; charset=utf-8", out.append('\n').toString());
  }

  private Reply page(HttpRequest request) {
    StringBuilder main = new StringBuilder();
    main.append("<h1>").append(Html.escape(title)).append("</h1>\n<p>");
    main.append(Html.escape(text)).append("</p>\n");
    table(main, request, "Who the identity provider says you are", true);
    table(main, request, "The rest of the request", false);
    return Html.page(title, places.navigation(url), main.toString());
  }

  private static void table(
      StringBuilder main, HttpRequest request, String heading, boolean identity) {
    main.append("<h2>").append(heading).append("</h2>\n<table>\n<tbody>\n");
    for (Header header : request.headers()) {
      if (header.name().toLowerCase(Locale.ROOT).startsWith("x-authentik-") == identity) {
        main.append("<tr><th scope=\"row\">").append(Html.escape(header.name()));
        main.append("</th><td>").append(Html.escape(shown(header))).append("</td></tr>\n");
      }
    }
    main.append("</tbody>\n</table>\n");
  }

  /// Shortens cookies and tokens, which must not appear in screenshots.
  private static String shown(Header header) {
    String value = GoQuery.text(header.value());
    boolean secret =
        header.is("Cookie") || header.is("Authorization") || header.is("X-authentik-jwt");
    return secret && value.length() > SHOWN_OF_SECRETS
        ? value.substring(0, SHOWN_OF_SECRETS) + "… (" + value.length() + " characters)"
        : value;
  }
}
