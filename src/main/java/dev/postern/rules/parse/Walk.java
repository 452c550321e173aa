package dev.postern.rules.parse;

import dev.postern.rules.Rule;
import dev.postern.rules.RuleProblem;
import dev.postern.rules.RuleProblem.Kind;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Traefik's walk over the expression, done during parsing: builds the tree and keeps the first
/// mistake. Mistakes are recorded in the order of Traefik's walk, which visits operands from left
/// to right and before their operator. Where Traefik checks a construct before its parts, as with
/// arguments that are not plain literals, the construct's mistake replaces those of the parts.
final class Walk {
  private static final String NOT_A_RULE = "a rule consists of matchers, not of strings or numbers";

  private final Map<String, String> spellings;
  private @Nullable RuleProblem first;

  Walk(Map<String, String> spellings) {
    this.spellings = spellings;
  }

  boolean isClean() {
    return first == null;
  }

  /// Records a mistake in place of all that were recorded since `clean` was true.
  void replace(boolean clean, int column, String message) {
    if (clean) {
      first = new RuleProblem(Kind.SYNTAX, column, message);
    }
  }

  private Operand note(Kind kind, int column, String message) {
    if (first == null) {
      first = new RuleProblem(kind, column, message);
    }
    return new Operand.Other();
  }

  Operand number(Token number) {
    boolean integer = number.kind() == Token.Kind.INTEGER;
    boolean readable =
        number.text().indexOf('_') < 0
            && (!integer
                || (number.text().length() <= 18
                    && number.text().chars().allMatch(Character::isDigit)));
    return readable ? new Operand.Numeral() : refusedLiteral(number);
  }

  Operand refusedLiteral(Token literal) {
    return note(
        Kind.SYNTAX,
        literal.column(),
        literal.described() + " is not a string in back or double quotes");
  }

  void prefix(Token operator) {
    if (!operator.is("!")) {
      note(
          Kind.SYNTAX,
          operator.column(),
          "a rule cannot contain the operator " + operator.described());
    }
  }

  Operand prefixed(Token operator, Operand value) {
    return switch (value) {
      case Operand.Condition(Rule rule) -> new Operand.Condition(rule.negate());
      case Operand.Text _, Operand.Numeral _ -> note(Kind.SYNTAX, operator.column(), NOT_A_RULE);
      case Operand.Name _, Operand.Other _ -> value;
    };
  }

  void join(Frame.Binary binary, Token operator, Operand right) {
    if (!operator.is("&&") && !operator.is("||")) {
      note(
          Kind.SYNTAX,
          operator.column(),
          "a rule cannot contain the operator " + operator.described());
      binary.first(new Operand.Other());
      return;
    }
    if (binary.holdsCondition() && right instanceof Operand.Condition(Rule rule)) {
      binary.join(operator.text(), rule);
      return;
    }
    note(Kind.SYNTAX, operator.column(), NOT_A_RULE);
    binary.first(new Operand.Other());
  }

  /// Checks the callee before the arguments.
  Frame.Call call(Operand called, Frame.Primary primary) {
    if (!(called instanceof Operand.Name name)) {
      replace(primary.clean, primary.column, "only a matcher can have arguments");
      return new Frame.Call(null, primary.column);
    }
    String matcher = spellings.get(name.full());
    if (matcher == null) {
      note(Kind.UNKNOWN_MATCHER, primary.column, "there is no matcher '" + name.full() + "'");
    }
    return new Frame.Call(matcher, primary.column);
  }

  void argument(Frame.Call call, Operand value) {
    if (!call.plain) {
      replace(call.clean, call.argumentColumn, "an argument must be a single string");
    } else if (value instanceof Operand.Text(String text)) {
      call.arguments.add(text);
    } else {
      call.onlyText = false;
    }
  }

  Operand endOfCall(Frame.Call call) {
    if (!call.onlyText) {
      note(Kind.SYNTAX, call.column, "all arguments of a matcher must be strings");
    }
    return call.matcher == null
        ? new Operand.Other()
        : new Operand.Condition(new Rule.Matcher(call.matcher, call.arguments, call.column));
  }

  Operand endOfOperand(Operand value, Frame.Primary primary) {
    return value instanceof Operand.Name name
        ? note(Kind.SYNTAX, primary.column, "'" + name.full() + "' has no arguments in parentheses")
        : value;
  }

  Rule finish(Operand value) throws RuleException {
    if (value instanceof Operand.Condition(Rule rule) && first == null) {
      return rule;
    }
    note(Kind.SYNTAX, 1, NOT_A_RULE);
    throw new RuleException(Objects.requireNonNull(first));
  }
}
