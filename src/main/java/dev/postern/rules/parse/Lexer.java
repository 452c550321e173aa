package dev.postern.rules.parse;

import static dev.postern.rules.parse.Token.Kind.CHARACTER;
import static dev.postern.rules.parse.Token.Kind.END;
import static dev.postern.rules.parse.Token.Kind.IDENTIFIER;
import static dev.postern.rules.parse.Token.Kind.KEYWORD;
import static dev.postern.rules.parse.Token.Kind.NEWLINE;
import static dev.postern.rules.parse.Token.Kind.OPERATOR;
import static dev.postern.rules.parse.Token.Kind.STRING;

import dev.postern.rules.RuleProblem;
import dev.postern.rules.RuleProblem.Kind;
import dev.postern.rules.request.ByteStrings;
import java.util.List;
import java.util.Set;

/// Splits a rule into the tokens of Go's scanner: comments are dropped, and a line break after a
/// name, a literal or a closing bracket becomes a [Token.Kind#NEWLINE], Go's automatic semicolon.
final class Lexer {
  private static final List<String> OPERATORS =
      List.of(
          "<<=", ">>=", "&^=", "...", "&&", "||", "<-", "++", "--", "==", "!=", "<=", ">=", ":=",
          "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<", ">>", "&^", "+", "-", "*", "/", "%",
          "&", "|", "^", "<", ">", "=", "!", "(", ")", "[", "]", "{", "}", ",", ";", ".", ":", "~");
  private static final Set<String> ENDING_OPERATORS = Set.of(")", "]", "}", "++", "--");
  private static final Set<String> KEYWORDS =
      Set.of(
          "break",
          "case",
          "chan",
          "const",
          "continue",
          "default",
          "defer",
          "else",
          "fallthrough",
          "for",
          "func",
          "go",
          "goto",
          "if",
          "import",
          "interface",
          "map",
          "package",
          "range",
          "return",
          "select",
          "struct",
          "switch",
          "type",
          "var");
  private static final Set<String> ENDING_KEYWORDS =
      Set.of("break", "continue", "fallthrough", "return");

  private final String text;
  private int position;
  private int column = 1;
  private boolean lineEnds;

  Lexer(String text) throws RuleException {
    this.text = text;
    refuseForbiddenCharacters();
    if (text.startsWith("\uFEFF")) {
      advance();
    }
  }

  boolean hasMore() {
    return position < text.length();
  }

  Token next() throws RuleException {
    while (true) {
      int c = peek();
      if (c == ' ' || c == '\t' || c == '\r' || (c == '\n' && !lineEnds)) {
        advance();
      } else if (text.startsWith("//", position)) {
        lineComment();
      } else if (text.startsWith("/*", position)) {
        int start = column;
        if (blockComment() && lineEnds) {
          lineEnds = false;
          return new Token(NEWLINE, "\n", start);
        }
      } else {
        return token(c);
      }
    }
  }

  private Token token(int c) throws RuleException {
    int start = column;
    if (c == '\n' || (c < 0 && lineEnds)) {
      lineEnds = false;
      if (c == '\n') {
        advance();
      }
      return new Token(NEWLINE, "\n", start);
    }
    if (c < 0) {
      return new Token(END, "", start);
    }
    if (isLetter(c)) {
      return name(start);
    }
    lineEnds = true;
    if (c == '`') {
      return new Token(STRING, rawString(), start);
    }
    if (c == '"' || c == '\'') {
      return quoted(start);
    }
    int second = position + 1 < text.length() ? text.charAt(position + 1) : -1;
    if (isDigit(c) || (c == '.' && isDigit(second))) {
      String number = GoNumber.scan(text, position);
      advanceOver(number);
      return new Token(GoNumber.kind(number, start), number, start);
    }
    return operator(start);
  }

  private Token name(int start) {
    int from = position;
    while (isLetter(peek()) || Character.isDigit(peek())) {
      advance();
    }
    String name = text.substring(from, position);
    boolean keyword = KEYWORDS.contains(name);
    lineEnds = !keyword || ENDING_KEYWORDS.contains(name);
    return new Token(keyword ? KEYWORD : IDENTIFIER, name, start);
  }

  private Token operator(int start) throws RuleException {
    for (String operator : OPERATORS) {
      if (text.startsWith(operator, position)) {
        advanceOver(operator);
        lineEnds = ENDING_OPERATORS.contains(operator);
        return new Token(OPERATOR, operator, start);
      }
    }
    throw syntax(start, "a rule cannot contain the character " + Character.getName(peek()));
  }

  private Token quoted(int start) throws RuleException {
    int quote = peek();
    int from = position;
    advance();
    int characters = 0;
    while (peek() != quote) {
      if (peek() < 0 || peek() == '\n') {
        throw syntax(start, "the literal has no closing quote");
      }
      if (peek() == '\\') {
        int length = GoEscape.length(text, position, quote);
        if (length == 0) {
          throw syntax(column, "the escape sequence is not valid in Go");
        }
        advanceOver(text.substring(position, position + length));
      } else {
        advance();
      }
      characters++;
    }
    advance();
    if (quote == '"') {
      return new Token(STRING, GoEscape.unquote(text.substring(from + 1, position - 1)), start);
    }
    if (characters != 1) {
      throw syntax(
          start, "single quotes are for one character; write strings in back or double quotes");
    }
    return new Token(CHARACTER, text.substring(from, position), start);
  }

  private String rawString() throws RuleException {
    int end = text.indexOf('`', position + 1);
    if (end < 0) {
      throw syntax(column, "the string has no closing back quote");
    }
    String value = text.substring(position + 1, end);
    advanceOver(text.substring(position, end + 1));
    return ByteStrings.fromText(value.replace("\r", ""));
  }

  private void lineComment() throws RuleException {
    int start = column;
    boolean atLineStart = position == 0 || text.charAt(position - 1) == '\n';
    int end = text.indexOf('\n', position);
    String comment = text.substring(position, end < 0 ? text.length() : end);
    advanceOver(comment);
    if (atLineStart) {
      String body = comment.endsWith("\r") ? comment.substring(0, comment.length() - 1) : comment;
      checkLineDirective(body.substring(2), start);
    }
  }

  /// Skips a comment and returns whether it contains a line break.
  private boolean blockComment() throws RuleException {
    int start = column;
    int end = text.indexOf("*/", position + 2);
    if (end < 0) {
      throw syntax(start, "the comment is not closed");
    }
    String comment = text.substring(position, end + 2);
    advanceOver(comment);
    checkLineDirective(comment.substring(2, comment.length() - 2), start);
    return comment.indexOf('\n') >= 0;
  }

  /// Go treats `//line file:12` as a directive and rejects an invalid line number.
  private static void checkLineDirective(String comment, int column) throws RuleException {
    if (comment.startsWith("line ") && !GoNumber.isLineDirective(comment.substring(5))) {
      throw syntax(column, "the comment is a line directive with an invalid number");
    }
  }

  private void refuseForbiddenCharacters() throws RuleException {
    int characters = 0;
    for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
      int c = text.codePointAt(i);
      characters++;
      if (c == 0 || (c == 0xFEFF && i > 0) || (c >= 0xD800 && c <= 0xDFFF)) {
        throw syntax(
            characters, "a rule cannot contain NUL, a byte order mark or an unpaired surrogate");
      }
    }
  }

  private int peek() {
    return position < text.length() ? text.codePointAt(position) : -1;
  }

  private void advance() {
    position += Character.charCount(peek());
    column++;
  }

  private void advanceOver(String passed) {
    position += passed.length();
    column += passed.codePointCount(0, passed.length());
  }

  private static boolean isLetter(int c) {
    return c == '_' || (c >= 0 && Character.isLetter(c));
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  static RuleException syntax(int column, String message) {
    return new RuleException(new RuleProblem(Kind.SYNTAX, column, message));
  }
}
