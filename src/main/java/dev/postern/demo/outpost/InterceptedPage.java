package dev.postern.demo.outpost;

/// The page of a sign-out that was refused because the client sent `Authorization`.
final class InterceptedPage {
  /// authentik's page has this many bytes; ours is shorter and filled up, so that what follows it
  /// in the answer stands where clients expect it.
  private static final int SIZE = 3998;

  static final String HTML = filledUp();

  private InterceptedPage() {}

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
    return page + " ".repeat(SIZE - page.length() - 1) + "\n";
  }
}
