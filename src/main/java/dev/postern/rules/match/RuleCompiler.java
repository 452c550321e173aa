package dev.postern.rules.match;

import dev.postern.rules.Rule;
import dev.postern.rules.RuleProblem;
import dev.postern.rules.RuleProblem.Kind;
import dev.postern.rules.RuleResult;
import dev.postern.rules.RuleSyntax;
import dev.postern.rules.parse.RuleParser;
import java.util.ArrayList;
import java.util.List;

/// Compiles rules to predicates. Checks the arguments of every matcher from left to right in
/// Traefik's order: none, an empty one, their number, their values (docs/design/traefik.md section
/// 2.1).
public final class RuleCompiler {
  private RuleCompiler() {}

  /// Parses and compiles a rule.
  ///
  /// @param text the rule as configured
  /// @return the compiled rule, or the problem that Traefik would report
  public static RuleResult<CompiledRule> compile(String text, RuleSyntax syntax) {
    return RuleParser.parse(text, syntax).then(rule -> compile(rule, syntax));
  }

  /// Compiles a parsed rule.
  public static RuleResult<CompiledRule> compile(Rule rule, RuleSyntax syntax) {
    List<Condition> conditions = new ArrayList<>();
    for (Rule.Matcher matcher : rule.leaves()) {
      try {
        conditions.add(condition(matcher, syntax));
      } catch (ArgumentException e) {
        return new RuleResult.Invalid<>(new RuleProblem(e.kind(), matcher.column(), e.message()));
      }
    }
    return new RuleResult.Valid<>(new Wiring(conditions, isCostly(rule, syntax)).connect(rule));
  }

  /// Whether it contains regular expressions, which version 2 templates become, too, or reads the
  /// query.
  private static boolean isCostly(Rule rule, RuleSyntax syntax) {
    return rule.leaves().stream()
        .map(Rule.Matcher::name)
        .anyMatch(name ->
            name.endsWith("Regexp")
                || name.startsWith("Query")
                || (syntax == RuleSyntax.V2 && name.startsWith("Path")));
  }

  private static Condition condition(Rule.Matcher matcher, RuleSyntax syntax)
      throws ArgumentException {
    String name = matcher.name();
    if (!syntax.matchers().contains(name)) {
      throw new ArgumentException(
          Kind.UNKNOWN_MATCHER, "there is no matcher '" + name + "' in this syntax");
    }
    if (matcher.arguments().isEmpty()) {
      throw new ArgumentException(Kind.NO_ARGUMENTS, name + " has no arguments");
    }
    if (matcher.arguments().contains("")) {
      throw new ArgumentException(Kind.EMPTY_ARGUMENT, name + " has an empty argument");
    }
    return switch (syntax) {
      case V3 -> V3Matchers.build(name, matcher.arguments());
      case V2 -> V2Matchers.build(name, matcher.arguments());
    };
  }
}
