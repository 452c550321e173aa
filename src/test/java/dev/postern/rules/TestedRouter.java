package dev.postern.rules;

import dev.postern.rules.match.CompiledRule;
import dev.postern.rules.match.RuleCompiler;
import dev.postern.rules.request.RuleRequest;
import java.util.Optional;

/// One router of a differential test.
record TestedRouter(
    int number, int entryPoint, String rule, RuleSyntax syntax, RuleResult<CompiledRule> compiled) {

  TestedRouter(int number, int entryPoint, String rule, RuleSyntax syntax) {
    this(number, entryPoint, rule, syntax, RuleCompiler.compile(rule, syntax));
  }

  String name() {
    return "r" + number;
  }

  Priorities.Ranked ranked() {
    return new Priorities.Ranked(name() + "@file", priority());
  }

  /// Traefik's order of equal lengths is undefined, so the number is part of the priority.
  long priority() {
    return Priorities.effective(0, rule) * 10_000 + number + 1;
  }

  boolean matches(RuleRequest request) {
    return compiled.valid().map(valid -> valid.matches(request)).orElse(false);
  }

  /// The kind of mistake that this component reports.
  Optional<String> kind() {
    return compiled.invalid().map(problem -> problem.kind().text());
  }

  /// The kind of mistake in a message of Traefik's API.
  String kindOf(String message) {
    String detail = message.replace("error while parsing rule " + rule + ": ", "");
    if (detail.startsWith("parsing rule " + rule + ": ")) {
      String reason = detail.substring(("parsing rule " + rule + ": ").length());
      return reason.startsWith("unsupported function: ") ? "unknown-matcher" : "syntax";
    }
    String reason = detail.replace("adding rule " + rule + ": ", "");
    if (reason.contains("no args for matcher")) {
      return "no-arguments";
    }
    if (reason.contains("empty args for matcher")) {
      return "empty-argument";
    }
    return reason.contains("unexpected number of parameters")
            || reason.contains("number of parameters must be multiple of 2")
        ? "argument-count"
        : "bad-argument";
  }
}
