package dev.postern.demo.outpost;

import dev.postern.demo.golang.GoQuery;
import dev.postern.demo.http.Header;
import dev.postern.demo.http.Reply;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/// Responses that do not depend on an application.
final class Pages {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String ICON_PATH =
      "/outpost.goauthentik.io/static/dist/assets/icons/icon.svg";
  private static final String ICON =
      """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path fill="#7a3b00"
      d="M2 16V7a6 6 0 0 1 12 0v9h-4V8a2 2 0 0 0-4 0v8z"/></svg>
      """;

  /// The length of authentik's page. This page is shorter and padded, so that the bytes after it
  /// are where clients expect them.
  private static final int INTERCEPTED_BYTES = 3998;

  /// The page of a sign-out that was refused because the client sent `Authorization`.
  static final String INTERCEPTED = filledUp();

  private Pages() {}

  private static String filledUp() {
    String page =
        """
        <!DOCTYPE html>
        <html lang="en">
        <head><meta charset="UTF-8"><title>Unauthenticated</title></head>
        <body><main>
        <h1>Unauthenticated</h1>
        <p>Header authentication is received by this application, so no redirect is performed.</p>
        <p><a href="/">Go to home</a></p>
        </main></body>
        </html>
        """;
    return page + " ".repeat(INTERCEPTED_BYTES - page.length() - 1) + "\n";
  }

  /// The standalone outpost's response to a host without application (docs/design/authentik.md
  /// section 1.5).
  static Reply noApplication(String host) {
    String text = GoQuery.text(host);
    String detail = "Check the outpost settings and make sure '" + text + "' is included.";
    String body =
        "{\n\t\"Message\": \"no app for hostname\",\n\t\"Host\": "
            + escaped(text)
            + ",\n\t\"Detail\": "
            + escaped(detail)
            + "\n}\n";
    List<Header> headers = List.of(new Header("Content-Type", "application/json"));
    return new Reply.Response(400, headers, body.getBytes(StandardCharsets.UTF_8));
  }

  private static String escaped(String text) {
    return JSON.writeValueAsString(text)
        .replace("&", "\\u0026")
        .replace("<", "\\u003c")
        .replace(">", "\\u003e");
  }

  /// In the server container such a request falls through to the core, which does not know the
  /// path.
  static Reply coreNotFound() {
    String html =
        "<!DOCTYPE html><html lang=\"en\"><title>Not Found</title><h1>Not Found</h1></html>\n";
    List<Header> headers = List.of(new Header("Content-Type", "text/html; charset=utf-8"));
    return new Reply.Response(404, headers, html.getBytes(StandardCharsets.UTF_8));
  }

  static Reply staticFile(String path) {
    if (path.equals(ICON_PATH)) {
      List<Header> headers = List.of(new Header("Content-Type", "image/svg+xml"));
      return new Reply.Response(200, headers, ICON.getBytes(StandardCharsets.UTF_8));
    }
    List<Header> headers =
        List.of(
            new Header("Content-Type", "text/plain; charset=utf-8"),
            new Header("X-Content-Type-Options", "nosniff"));
    byte[] body = "404 page not found\n".getBytes(StandardCharsets.UTF_8);
    return new Reply.Response(404, headers, body);
  }
}
