package dev.postern.config.dynamic.template;

import java.util.Map;

/// Renders a file as Go's text/template does, in one pass (docs/design/traefik.md section 5.2).
public final class Template {
  private static final String OPEN = "{{";
  private static final String CLOSE = "}}";
  private static final String COMMENT = "/*";
  private static final String COMMENT_END = "*/";
  private static final int MAX_LENGTH = 64 << 20;

  private final String source;
  private final Map<String, String> environment;
  private final Output output = new Output();
  private int position;

  private Template(String source, Map<String, String> environment) {
    this.source = source;
    this.environment = environment;
  }

  /// Renders a file.
  ///
  /// @param environment values for `env`
  /// @throws TemplateException if it cannot be rendered
  public static Rendered render(String source, Map<String, String> environment)
      throws TemplateException {
    return new Template(source, environment).run();
  }

  private Rendered run() throws TemplateException {
    boolean trimsStart = false;
    while (true) {
      int open = source.indexOf(OPEN, position);
      int end = open < 0 ? source.length() : open;
      boolean trimsEnd = open >= 0 && isTrimAfterOpen(open + OPEN.length());
      text(position, end, trimsStart, trimsEnd);
      if (open < 0) {
        return output.rendered();
      }
      output.moveTo(lineAt(open));
      position = open + OPEN.length() + (trimsEnd ? 2 : 0);
      trimsStart = source.startsWith(COMMENT, position) ? comment(open) : action(open);
      output.moveTo(lineAt(position));
      if (output.length() > MAX_LENGTH) {
        throw new TemplateException(lineAt(open), false, "becomes longer than 64MiB");
      }
    }
  }

  private int countedTo;
  private int line = 1;

  /// Positions only grow, so each line is counted once.
  private int lineAt(int offset) {
    for (; countedTo < offset; countedTo++) {
      if (source.charAt(countedTo) == '\n') {
        line++;
      }
    }
    return line;
  }

  private boolean isTrimAfterOpen(int at) {
    return at + 1 < source.length() && source.charAt(at) == '-' && isSpace(source.charAt(at + 1));
  }

  private void text(int from, int to, boolean trimsStart, boolean trimsEnd) {
    int start = from;
    int end = to;
    while (trimsStart && start < end && isSpace(source.charAt(start))) {
      start++;
    }
    while (trimsEnd && end > start && isSpace(source.charAt(end - 1))) {
      end--;
    }
    output.moveTo(lineAt(start));
    output.copy(source, start, end);
  }

  private boolean comment(int open) throws TemplateException {
    int end = source.indexOf(COMMENT_END, position + COMMENT.length());
    if (end < 0) {
      throw TemplateException.wrong(lineAt(open), "has a template comment that is never closed");
    }
    int after = end + COMMENT_END.length();
    boolean trims = isTrimBeforeClose(after);
    int close = after + (trims ? 2 : 0);
    if (!source.startsWith(CLOSE, close)) {
      throw TemplateException.wrong(
          lineAt(open), "has a template comment that does not end with */}} or */ -}}");
    }
    position = close + CLOSE.length();
    return trims;
  }

  private boolean isTrimBeforeClose(int at) {
    return at + 1 < source.length()
        && isSpace(source.charAt(at))
        && source.charAt(at + 1) == '-'
        && source.startsWith(CLOSE, at + 2);
  }

  private boolean action(int open) throws TemplateException {
    int at = lineAt(open);
    var lexer = new ActionLexer(source, position, at);
    String result = new ActionParser(lexer, environment, at).value();
    position = lexer.end();
    output.append(result);
    return lexer.trimsAfter();
  }

  static boolean isSpace(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
  }
}
