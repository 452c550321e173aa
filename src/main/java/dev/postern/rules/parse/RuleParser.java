package dev.postern.rules.parse;

import dev.postern.rules.Rule;
import dev.postern.rules.RuleResult;
import dev.postern.rules.RuleSyntax;
import java.util.List;
import java.util.Map;

/// Parses the text of a rule as Traefik does: Go's expression grammar first, and only if all of the
/// text is an expression, one walk from left to right for unknown matchers, invalid operators and
/// arguments that are not strings (docs/design/traefik.md section 2.1). Arguments are not validated
/// here. Takes linear time and constant stack.
public final class RuleParser {
  private RuleParser() {}

  /// Parses a rule.
  ///
  /// @param text the rule as configured
  /// @return the tree, or a problem of kind `syntax` or `unknown-matcher`
  public static RuleResult<Rule> parse(String text, RuleSyntax syntax) {
    return parse(text, syntax.spellings());
  }

  /// Parses a rule with matchers of any names.
  static RuleResult<Rule> parse(String text, List<String> matchers) {
    return parse(text, RuleSyntax.spellings(matchers));
  }

  private static RuleResult<Rule> parse(String text, Map<String, String> spellings) {
    try {
      return new RuleResult.Valid<>(new ExpressionParser(text, spellings).parse());
    } catch (RuleException e) {
      return new RuleResult.Invalid<>(e.problem());
    }
  }
}
