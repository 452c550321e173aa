package dev.postern.rules.parse;

import dev.postern.rules.Rule;
import dev.postern.rules.RuleResult;
import dev.postern.rules.RuleSyntax;
import dev.postern.rules.request.ByteStrings;
import java.util.ArrayList;
import java.util.List;

/// The domains Traefik would request certificates for: the arguments of every `Host` matcher.
public final class RuleDomains {
  private static final List<String> MATCHERS = matchers();

  private RuleDomains() {}

  /// Extracts the domains of a rule of either syntax (docs/design/traefik.md section 2.2).
  /// Arguments are not validated.
  ///
  /// @param text the rule as configured
  /// @return the domains in lower case and in the order of the text, or the problem of a rule that
  ///   does not parse
  public static RuleResult<List<String>> of(String text) {
    return RuleParser.parse(text, MATCHERS).then(rule -> new RuleResult.Valid<>(domains(rule)));
  }

  private static List<String> domains(Rule rule) {
    return rule.leaves().stream()
        .filter(matcher -> matcher.name().equals("Host"))
        .flatMap(matcher -> matcher.arguments().stream())
        .map(ByteStrings::lowerAscii)
        .toList();
  }

  private static List<String> matchers() {
    List<String> all = new ArrayList<>(RuleSyntax.V3.matchers());
    all.addAll(RuleSyntax.V2.matchers());
    return List.copyOf(all);
  }
}
