package dev.postern.demo.page;

import dev.postern.demo.golang.GoRedirect;
import dev.postern.demo.http.Reply;

/// The layout of every page of the demo: head, style, landmarks.
final class Html {
  private static final String STYLE =
      """
      :root { --ink: #1c1a17; --soft: #5b5347; --paper: #f7f4ee; --card: #fff; --line: #cfc6b6;
        --accent: #7a3b00; --on-accent: #fff; --good: #1b5e20; }
      @media (prefers-color-scheme: dark) { :root { --ink: #f1ece3; --soft: #c6bcab;
        --paper: #191714; --card: #24211d; --line: #4d463b; --accent: #f0b27a;
        --on-accent: #1c1a17; --good: #9bd8a0; } }
      * { box-sizing: border-box; }
      body { margin: 0; background: var(--paper); color: var(--ink);
        font: 1.0625rem/1.55 system-ui, sans-serif; }
      header, main, footer { width: min(60rem, 100%); margin: 0 auto; padding: 1rem; }
      h1 { margin: .5rem 0 .25rem; font-size: clamp(1.5rem, 5vw, 2.1rem); line-height: 1.2; }
      h2 { margin: 2rem 0 .5rem; font-size: 1.2rem; }
      a { color: var(--accent); }
      :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 2px; }
      .skip { position: absolute; left: -999rem; }
      .skip:focus { left: 1rem; top: 1rem; padding: .5rem 1rem; background: var(--card); }
      nav ul { display: flex; flex-wrap: wrap; gap: .5rem; margin: 1rem 0 0; padding: 0;
        list-style: none; }
      nav a { display: block; padding: .45rem .9rem; border: 1px solid var(--line);
        border-radius: 2rem; text-decoration: none; background: var(--card); }
      nav a[aria-current] { background: var(--accent); color: var(--on-accent);
        border-color: var(--accent); font-weight: 600; }
      .counters { display: grid; grid-template-columns: repeat(auto-fit, minmax(8rem, 1fr));
        gap: .75rem; margin: 1.25rem 0; padding: 0; }
      .counters div { padding: .75rem 1rem; background: var(--card); border: 1px solid var(--line);
        border-radius: .75rem; }
      .counters dt { color: var(--soft); font-size: .9rem; }
      .counters dd { margin: 0; font-size: 1.7rem; font-weight: 650;
        font-variant-numeric: tabular-nums; }
      .counters .saved dd { color: var(--good); }
      .tiles { display: grid; grid-template-columns: repeat(auto-fill, minmax(3.2rem, 1fr));
        gap: .35rem; margin: 0; padding: 0; }
      .tiles img { display: block; width: 100%; height: auto; aspect-ratio: 1;
        border-radius: .4rem; background: var(--line); }
      table { width: 100%; border-collapse: collapse; background: var(--card); }
      th, td { padding: .45rem .6rem; border: 1px solid var(--line); text-align: left;
        vertical-align: top; overflow-wrap: anywhere; }
      th { width: 32%; font-weight: 600; overflow-wrap: normal; }
      .cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(15rem, 1fr));
        gap: 1rem; margin: 1rem 0; padding: 0; list-style: none; }
      .cards li { padding: 1rem; background: var(--card); border: 1px solid var(--line);
        border-radius: .75rem; }
      .cards h3 { margin: 0 0 .25rem; font-size: 1.05rem; }
      .cards p { margin: 0; }
      code { font-size: .95em; overflow-wrap: anywhere; }
      footer { color: var(--soft); font-size: .9rem; }
      """;

  private Html() {}

  static Reply.Response page(String title, String navigation, String main) {
    String html =
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <link rel="icon" href="data:,">
        <title>%s · Postern demo</title>
        <style>
        %s</style>
        </head>
        <body>
        <a class="skip" href="#content">Skip to the content</a>
        <header>
        %s</header>
        <main id="content">
        %s</main>
        <footer><p>Everything here runs on this machine and is gone when the demo ends.</p></footer>
        </body>
        </html>
        """
            .formatted(escape(title), STYLE, navigation, main);
    return Reply.Response.text(200, "text/html; charset=utf-8", html);
  }

  static String escape(String text) {
    return GoRedirect.escapeHtml(text);
  }
}
