package dev.postern.rules.parse;

import dev.postern.rules.Rule;
import dev.postern.rules.parse.Frame.Binary;
import dev.postern.rules.parse.Frame.Call;
import dev.postern.rules.parse.Frame.Index;
import dev.postern.rules.parse.Frame.Parenthesis;
import dev.postern.rules.parse.Frame.Prefix;
import dev.postern.rules.parse.Frame.Primary;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Parses one rule. The frames on the list correspond to the open calls of Go's recursive parser,
/// and `nesting` counts as it does, because Traefik rejects a rule beyond Go's limit.
///
/// There are two classes of mistakes. Text that is not a Go expression ends the parse immediately.
/// A Go expression that is not a rule is recorded by [Walk] and reported only after the whole text
/// has been parsed as Go.
final class ExpressionParser {
  /// Go's `maxNestLev`.
  private static final int MAX_NESTING = 100_000;

  private final Lexer lexer;
  private final Walk walk;
  private final List<Frame> frames = new ArrayList<>();
  private Token token;
  private int nesting;

  ExpressionParser(String text, Map<String, String> spellings) throws RuleException {
    lexer = new Lexer(text);
    walk = new Walk(spellings);
    token = lexer.next();
  }

  Rule parse() throws RuleException {
    frames.add(new Binary(1));
    Operand value = operand();
    while (!frames.isEmpty()) {
      value =
          switch (frames.getLast()) {
            case Primary primary -> afterOperand(primary, value);
            case Prefix prefix -> afterPrefixed(prefix, value);
            case Binary binary -> afterBinary(binary, value);
            case Parenthesis _ -> afterParenthesis(value);
            case Index index -> afterIndex(index);
            case Call call -> afterArgument(call, value);
          };
    }
    if (token.kind() == Token.Kind.NEWLINE) {
      advance();
    }
    if (token.kind() != Token.Kind.END) {
      throw unexpected("an operator or the end of the rule");
    }
    return walk.finish(value);
  }

  /// Reads prefix operators and one operand, and returns its value; for a parenthesis, pushes a
  /// frame instead.
  private Operand operand() throws RuleException {
    while (true) {
      enter();
      while (token.isPrefix()) {
        walk.prefix(token);
        frames.add(new Prefix(token));
        advance();
        enter();
      }
      frames.add(new Primary(token.column(), walk.isClean()));
      if (!token.is("(")) {
        return literalOrName();
      }
      advance();
      frames.add(new Parenthesis());
      frames.add(new Binary(1));
    }
  }

  private Operand literalOrName() throws RuleException {
    Token read = token;
    Operand value =
        switch (read.kind()) {
          case IDENTIFIER -> new Operand.Name(null, read.text());
          case STRING -> new Operand.Text(read.text());
          case INTEGER, FLOAT -> walk.number(read);
          case CHARACTER, IMAGINARY -> walk.refusedLiteral(read);
          case KEYWORD, OPERATOR, NEWLINE, END -> throw unexpected("a matcher");
        };
    advance();
    return value;
  }

  private Operand afterOperand(Primary primary, Operand value) throws RuleException {
    enter();
    primary.levels++;
    if (token.is("(")) {
      return open(primary, value);
    }
    if (token.is("[")) {
      walk.replace(primary.clean, primary.column, "a rule cannot contain index expressions");
      advance();
      return enterIndex();
    }
    if (token.is(".")) {
      advance();
      if (token.kind() != Token.Kind.IDENTIFIER) {
        throw unexpected("a name after '.'");
      }
      Operand selected = select(primary, value, token.text());
      advance();
      return selected;
    }
    leave(primary.levels + 1);
    return walk.endOfOperand(value, primary);
  }

  private Operand select(Primary primary, Operand value, String name) {
    if (value instanceof Operand.Name(String qualifier, String first) && qualifier == null) {
      return new Operand.Name(first, name);
    }
    walk.replace(primary.clean, primary.column, "a rule cannot contain selectors");
    return new Operand.Other();
  }

  private Operand open(Primary primary, Operand value) throws RuleException {
    Call call = walk.call(value, primary);
    frames.add(call);
    advance();
    return token.is(")") ? close(call) : enterArgument(call);
  }

  private Operand enterArgument(Call call) throws RuleException {
    call.clean = walk.isClean();
    call.argumentColumn = token.column();
    call.plain = !token.isPrefix() && !token.is("(");
    frames.add(new Binary(1));
    return operand();
  }

  private Operand afterArgument(Call call, Operand value) throws RuleException {
    walk.argument(call, value);
    boolean last = token.is("...");
    if (last) {
      advance();
    }
    if (token.is(",")) {
      advance();
      if (!last && !token.is(")")) {
        return enterArgument(call);
      }
    }
    return close(call);
  }

  private Operand close(Call call) throws RuleException {
    expect(")", "',' or ')'");
    frames.removeLast();
    return walk.endOfCall(call);
  }

  private Operand afterParenthesis(Operand value) throws RuleException {
    expect(")", "an operator or ')'");
    frames.removeLast();
    return value;
  }

  private Operand enterIndex() throws RuleException {
    Index index = new Index();
    frames.add(index);
    if (token.is("]")) {
      throw unexpected("an index");
    }
    return token.is(":") ? afterIndex(index) : enterIndexPart();
  }

  private Operand enterIndexPart() throws RuleException {
    frames.add(new Binary(1));
    return operand();
  }

  /// Continues inside the brackets of an index or a slice; with a third part, Go requires the
  /// second.
  private Operand afterIndex(Index index) throws RuleException {
    if (token.is(":") && index.colons < 2) {
      index.colons++;
      advance();
      if (!token.is("]") || index.colons == 2) {
        return enterIndexPart();
      }
    }
    expect("]", "']'");
    frames.removeLast();
    return new Operand.Other();
  }

  private Operand afterPrefixed(Prefix prefix, Operand value) {
    leave(1);
    return walk.prefixed(prefix.operator(), value);
  }

  private Operand afterBinary(Binary binary, Operand value) throws RuleException {
    Token operator = binary.operator;
    if (operator == null) {
      binary.first(value);
    } else {
      walk.join(binary, operator, value);
    }
    enter();
    binary.levels++;
    int precedence = token.precedence();
    if (precedence < binary.strength) {
      leave(binary.levels);
      return binary.value();
    }
    binary.operator = token;
    if (frames.size() > 1 && frames.get(frames.size() - 2) instanceof Call call) {
      call.plain = false;
    }
    advance();
    frames.add(new Binary(precedence + 1));
    return operand();
  }

  private void advance() throws RuleException {
    token = lexer.next();
  }

  private void expect(String operator, String expected) throws RuleException {
    if (!token.is(operator)) {
      throw unexpected(expected);
    }
    advance();
  }

  private RuleException unexpected(String expected) {
    boolean broken = token.kind() == Token.Kind.NEWLINE && lexer.hasMore();
    return Lexer.syntax(
        token.column(),
        broken
            ? "a line break ends the rule here; break lines only after an operator, '(' or ','"
            : "expected " + expected + ", found " + token.described());
  }

  private void enter() throws RuleException {
    if (++nesting > MAX_NESTING) {
      throw Lexer.syntax(token.column(), "the rule is nested more than 100000 levels deep");
    }
  }

  /// Removes the top frame, which had added that many levels of nesting.
  private void leave(int levels) {
    nesting -= levels;
    frames.removeLast();
  }
}
