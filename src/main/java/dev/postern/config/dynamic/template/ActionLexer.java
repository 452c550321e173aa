package dev.postern.config.dynamic.template;

import dev.postern.config.dynamic.template.ActionToken.Kind;
import dev.postern.config.key.Words;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Splits the content of an action into tokens, as Go's lexer does.
final class ActionLexer {
  private static final Pattern SPACE = Pattern.compile("[ \\t\\r\\n]+");
  private static final Pattern WORD = Pattern.compile("[\\p{L}_][\\p{L}\\p{Nd}_]*");
  private static final Pattern NUMBER = Pattern.compile("[+-]?(0|[1-9][0-9]{0,17})(?![\\w.+-])");
  private static final String WORD_ENDS = " \t\r\n.,|:)(";

  private final String source;
  private final int line;
  private int position;
  private boolean trimsAfter;

  ActionLexer(String source, int position, int line) {
    this.source = source;
    this.position = position;
    this.line = line;
  }

  /// The position after the action, once the END token was read.
  int end() {
    return position;
  }

  /// Whether the action ends with `-}}`, which removes the white space after it.
  boolean trimsAfter() {
    return trimsAfter;
  }

  ActionToken next() throws TemplateException {
    if (position >= source.length()) {
      throw TemplateException.wrong(line, "has a template action that is never closed with }}");
    }
    if (isTrimmedEnd() || source.startsWith("}}", position)) {
      trimsAfter = source.charAt(position) != '}';
      position += trimsAfter ? 4 : 2;
      return new ActionToken(Kind.END, "}}");
    }
    return switch (source.charAt(position)) {
      case ' ', '\t', '\r', '\n' -> spaces();
      case '"' -> quoted();
      case '`' -> raw();
      case '|' -> single(Kind.PIPE);
      case '(' -> single(Kind.LEFT);
      case ')' -> single(Kind.RIGHT);
      default -> wordOrNumber();
    };
  }

  private boolean isTrimmedEnd() {
    return Template.isSpace(source.charAt(position)) && source.startsWith("-}}", position + 1);
  }

  /// The last space before `-}}` belongs to the end token.
  private ActionToken spaces() {
    Matcher matcher = SPACE.matcher(source).region(position, source.length());
    int end = matcher.lookingAt() ? matcher.end() : position + 1;
    position = source.startsWith("-}}", end) && end > position + 1 ? end - 1 : end;
    return new ActionToken(Kind.SPACE, " ");
  }

  private ActionToken single(Kind kind) {
    position++;
    return new ActionToken(kind, source.substring(position - 1, position));
  }

  private ActionToken wordOrNumber() throws TemplateException {
    Matcher number = NUMBER.matcher(source).region(position, source.length());
    if (number.useTransparentBounds(true).lookingAt()) {
      position = number.end();
      return new ActionToken(Kind.NUMBER, number.group());
    }
    Matcher word = WORD.matcher(source).region(position, source.length());
    if (!word.lookingAt()) {
      throw TemplateException.unsupported(line, "the template action " + shown());
    }
    int end = word.end();
    if (end < source.length()
        && WORD_ENDS.indexOf(source.charAt(end)) < 0
        && !source.startsWith("}}", end)) {
      throw TemplateException.wrong(
          line, "has " + Words.quote(source.substring(end, end + 1)) + " after " + word.group());
    }
    position = end;
    return new ActionToken(Kind.WORD, word.group());
  }

  /// The rest of the action, for a message.
  String shown() {
    int end = source.indexOf("}}", position);
    String rest = source.substring(position, end < 0 ? source.length() : end).strip();
    return Words.quote(rest.lines().findFirst().orElse(""));
  }

  private ActionToken raw() throws TemplateException {
    int end = source.indexOf('`', position + 1);
    if (end < 0) {
      throw TemplateException.wrong(line, "has a text in back quotes that is never closed");
    }
    String text = source.substring(position + 1, end).replace("\r", "");
    position = end + 1;
    return new ActionToken(Kind.TEXT, text);
  }

  private ActionToken quoted() throws TemplateException {
    int end = position + 1;
    while (end < source.length() && source.charAt(end) != '"' && source.charAt(end) != '\n') {
      end += source.charAt(end) == '\\' ? 2 : 1;
    }
    if (end >= source.length() || source.charAt(end) != '"') {
      throw TemplateException.wrong(line, "has a text in quotes that is never closed on its line");
    }
    String inside = source.substring(position + 1, end);
    position = end + 1;
    String text = GoText.unquote(inside);
    if (text == null) {
      throw TemplateException.wrong(line, Words.quote(inside) + " has an escape that Go refuses");
    }
    return new ActionToken(Kind.TEXT, text);
  }
}
