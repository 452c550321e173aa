package dev.postern.rules.parse;

import dev.postern.rules.RuleProblem;

/// Carries a problem from where it is found to [RuleParser].
final class RuleException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient RuleProblem problem;

  /// @param problem what is wrong
  RuleException(RuleProblem problem) {
    super(problem.message(), null, false, false);
    this.problem = problem;
  }

  /// Returns what is wrong
  RuleProblem problem() {
    return problem;
  }
}
