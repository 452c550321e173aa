package dev.postern.demo.core;

import dev.postern.demo.golang.GoRedirect;

/// The pages of the demo's login.
final class LoginPages {
  private static final String HEAD =
      """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <link rel="icon" href="data:,">
      <title>%1$s · Demo sign-in</title>
      <style>
      :root { --ink: #1c1a17; --paper: #f7f4ee; --card: #fff; --line: #8a8172; --accent: #7a3b00;
        --on-accent: #fff; --bad: #a11212; }
      @media (prefers-color-scheme: dark) { :root { --ink: #f1ece3; --paper: #191714;
        --card: #24211d; --line: #9c9282; --accent: #f0b27a; --on-accent: #1c1a17; --bad: #ff9d94; } }
      * { box-sizing: border-box; }
      body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1rem;
        background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
      main { width: min(24rem, 100%%); padding: 1.5rem; background: var(--card);
        border: 1px solid var(--line); border-radius: .75rem; }
      h1 { margin: 0 0 1rem; font-size: 1.4rem; }
      label { display: block; margin: 1rem 0 .25rem; font-weight: 600; }
      input { width: 100%%; padding: .6rem; font: inherit; color: inherit; background: var(--paper);
        border: 1px solid var(--line); border-radius: .4rem; }
      button { width: 100%%; margin-top: 1.25rem; padding: .7rem; font: inherit; font-weight: 600;
        color: var(--on-accent); background: var(--accent); border: 0; border-radius: .4rem; }
      :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
      .error { color: var(--bad); font-weight: 600; }
      .hint { margin: 1.25rem 0 0; padding-top: 1rem; border-top: 1px solid var(--line); }
      code { font-size: 1.05em; font-weight: 600; }
      a { color: var(--accent); }
      </style>
      </head>
      <body>
      <main>
      <h1>%1$s</h1>
      """;
  private static final String TAIL = "</main>\n</body>\n</html>\n";

  private LoginPages() {}

  static String password(
      String application, String query, String username, String error, String hint) {
    return HEAD.formatted("Sign in to " + escape(application))
        + error(error)
        + """
        <form method="post" action="/if/flow/login/">
        <input type="hidden" name="query" value="%s">
        <label for="username">User name</label>
        <input id="username" name="username" value="%s" autocomplete="username"
          autocapitalize="none" spellcheck="false" required%s>
        <label for="password">Password</label>
        <input id="password" name="password" type="password" autocomplete="current-password"
          required%s>
        <button type="submit">Sign in</button>
        </form>
        """
            .formatted(
                escape(query),
                escape(username),
                username.isEmpty() ? " autofocus" : "",
                username.isEmpty() ? "" : " autofocus")
        + hint(hint)
        + TAIL;
  }

  static String secondFactor(String application, String query, String error, String hint) {
    return HEAD.formatted("One more step for " + escape(application))
        + error(error)
        + """
        <form method="post" action="/if/flow/totp/">
        <input type="hidden" name="query" value="%s">
        <label for="code">One-time code from your authenticator</label>
        <input id="code" name="code" inputmode="numeric" autocomplete="one-time-code" required
          autofocus>
        <button type="submit">Continue</button>
        </form>
        """
            .formatted(escape(query))
        + hint(hint)
        + TAIL;
  }

  static String message(String title, String text, String link) {
    return HEAD.formatted(escape(title))
        + "<p>"
        + escape(text)
        + "</p>\n"
        + (link.isEmpty()
            ? ""
            : "<p><a href=\"" + escape(link) + "\">Back to the application</a></p>\n")
        + TAIL;
  }

  private static String error(String error) {
    return error.isEmpty() ? "" : "<p class=\"error\" role=\"alert\">" + escape(error) + "</p>\n";
  }

  private static String hint(String html) {
    return html.isEmpty() ? "" : "<p class=\"hint\">" + html + "</p>\n";
  }

  static String escape(String text) {
    return GoRedirect.escapeHtml(text);
  }
}
