package dev.postern.routing.lint;

import dev.postern.config.key.Words;
import dev.postern.routing.Router;
import dev.postern.routing.definition.RouterDefinition;
import dev.postern.routing.lint.Finding.Excerpt;
import dev.postern.routing.lint.Finding.Severity;
import dev.postern.rules.Priorities;
import dev.postern.rules.Rule;
import dev.postern.rules.Rule.Matcher;
import dev.postern.rules.RuleProblem;
import dev.postern.rules.RuleProblem.Kind;
import dev.postern.rules.RuleSyntax;
import dev.postern.rules.analysis.Templates;
import dev.postern.rules.index.HostBounds;
import dev.postern.rules.regexp.GoRegexp;
import dev.postern.rules.regexp.GoRegexpException;
import java.util.ArrayList;
import java.util.List;

/// Checks a router's rule and priority on their own.
final class RuleChecks {
  private final RouterDefinition definition;
  private final String subject;
  private final boolean isV3;
  private final List<Finding> findings = new ArrayList<>();

  private RuleChecks(RouterDefinition definition) {
    this.definition = definition;
    subject = "router " + definition.name();
    isV3 = RuleSyntax.ofConfigured(definition.ruleSyntax()) == RuleSyntax.V3;
  }

  static List<Finding> of(Router router) {
    RuleChecks checks = new RuleChecks(router.definition());
    router.rule().invalid().ifPresent(checks::invalid);
    router.rule().valid().ifPresent(compiled -> checks.valid(compiled.rule()));
    if (!router.definition().refused().isEmpty()) {
      checks.findings.add(
          Finding.warning(
              "unknown-reference",
              router.definition().origin(),
              checks.subject,
              "is not served by Traefik: " + router.definition().refused()));
    }
    if (!Priorities.isAccepted(router.name(), router.priority())) {
      checks.add(
          Severity.ERROR,
          "priority",
          "has the priority "
              + router.priority()
              + ", above "
              + Priorities.MAX_CONFIGURED
              + ", so Traefik does not serve it; give it a smaller one",
          1);
    }
    return checks.findings;
  }

  private void invalid(RuleProblem problem) {
    if (problem.kind() == Kind.UNSUPPORTED) {
      add(
          Severity.WARNING,
          "unsupported-rule",
          "has a rule that Traefik may serve but Postern cannot evaluate: " + problem.message(),
          problem.column());
      return;
    }
    String way =
        isV3
            ? Templates.inV3(definition.rule())
                .map(rule ->
                    "; it is a rule of Traefik 2: write " + rule + ", or set ruleSyntax: v2")
                .orElse("")
            : "";
    add(Severity.ERROR, problem.kind().text(), problem.message() + way, problem.column());
  }

  private void valid(Rule rule) {
    HostBounds bounds = HostBounds.of(rule);
    if (bounds.limited() && bounds.hosts().isEmpty()) {
      add(
          Severity.WARNING,
          "never-matches",
          "requires two hosts at once, so it can never match (unless Traefik's hostResolver"
              + " flattens CNAMEs); join hosts with || instead of &&",
          1);
    }
    HostPorts.in(rule)
        .forEach(found -> add(Severity.WARNING, "port-in-host", found.message(), found.column()));
    if (isV3) {
      rule.leaves().forEach(this::matcherOfV3);
    }
  }

  private void matcherOfV3(Matcher matcher) {
    if (Templates.isTemplate(matcher)) {
      String template = matcher.arguments().getFirst();
      boolean isPath = matcher.name().startsWith("Path");
      String effect =
          isPath
              ? "matches only a path that contains these characters literally"
              : template.indexOf('|') >= 0 || template.indexOf('?') >= 0
                  ? "means something else"
                  : "never matches";
      String way =
          Templates.inV3(definition.rule())
              .map(rule -> "; write " + rule + ", or set ruleSyntax: v2")
              .orElse("; write a regular expression, or set ruleSyntax: v2");
      add(
          Severity.WARNING,
          "v2-template",
          matcher.name() + " contains a template of Traefik 2, which under v3 " + effect + way,
          matcher.column());
    } else if (matcher.name().equals("HostRegexp") && findsEmpty(matcher.arguments().getFirst())) {
      add(
          Severity.WARNING,
          "matches-everything",
          "HostRegexp("
              + Words.quote(matcher.arguments().getFirst())
              + ") can match the empty text, and Traefik also tests an empty name, so it matches"
              + " every host; anchor it with ^ and $ and require at least one character, or write"
              + " Host(`*`) if every host is meant",
          matcher.column());
    }
  }

  private static boolean findsEmpty(String pattern) {
    try {
      return GoRegexp.compile(pattern).find("");
    } catch (GoRegexpException _) {
      return false;
    }
  }

  private void add(Severity severity, String check, String message, int column) {
    Excerpt excerpt = new Excerpt(definition.rule(), column);
    findings.add(new Finding(severity, check, definition.origin(), subject, message, excerpt));
  }
}
