package dev.postern.rules.index;

import dev.postern.rules.Rule;
import dev.postern.rules.Rule.And;
import dev.postern.rules.Rule.Matcher;
import dev.postern.rules.Rule.Not;
import dev.postern.rules.Rule.Or;
import dev.postern.rules.RuleSyntax;
import dev.postern.rules.match.CompiledRule;
import dev.postern.rules.match.RuleCompiler;
import dev.postern.rules.request.RuleRequest;
import java.util.Comparator;
import java.util.List;

/// Whether a rule could match any request to a host.
///
/// Evaluates the rule with three values: matchers of the host are true or false, everything else is
/// unknown. The result is yes unless no request can match.
public final class HostClaim {
  private static final int MAX_DEPTH = 16;

  private enum Truth {
    NO,
    UNKNOWN,
    YES;

    Truth negated() {
      return switch (this) {
        case NO -> YES;
        case UNKNOWN -> UNKNOWN;
        case YES -> NO;
      };
    }
  }

  private interface Node {
    Truth evaluate(RuleRequest request);
  }

  private static final Node UNKNOWN = request -> Truth.UNKNOWN;

  private final Node root;

  private HostClaim(Node root) {
    this.root = root;
  }

  /// Prepares the check for a rule.
  public static HostClaim of(CompiledRule rule, RuleSyntax syntax) {
    return new HostClaim(node(rule.rule(), syntax, 0));
  }

  /// Whether the rule could match a request to a host.
  ///
  /// @param hostHeader the host as received
  /// @return false only if the rule matches no request to that host
  public boolean mayMatch(String hostHeader) {
    RuleRequest request =
        new RuleRequest("GET", hostHeader, null, "/", "", name -> List.of(), null);
    return root.evaluate(request) != Truth.NO;
  }

  private static Node node(Rule rule, RuleSyntax syntax, int depth) {
    if (depth > MAX_DEPTH) {
      return UNKNOWN;
    }
    return switch (rule) {
      case Matcher matcher -> leaf(matcher, syntax);
      case Not(Rule term) -> negated(node(term, syntax, depth + 1));
      case And(List<Rule> terms) ->
          least(terms.stream().map(term -> node(term, syntax, depth + 1)).toList());
      case Or(List<Rule> terms) ->
          negated(
              least(terms.stream().map(term -> negated(node(term, syntax, depth + 1))).toList()));
    };
  }

  private static Node leaf(Matcher matcher, RuleSyntax syntax) {
    return switch (matcher.name()) {
      case "Host", "HostHeader", "HostRegexp" ->
          RuleCompiler.compile(matcher, syntax)
              .valid()
              .<Node>map(rule -> request -> rule.matches(request) ? Truth.YES : Truth.NO)
              .orElse(UNKNOWN);
      case String _ -> UNKNOWN;
    };
  }

  private static Node negated(Node node) {
    return request -> node.evaluate(request).negated();
  }

  private static Node least(List<Node> nodes) {
    return request ->
        nodes.stream()
            .map(node -> node.evaluate(request))
            .min(Comparator.naturalOrder())
            .orElseThrow();
  }
}
