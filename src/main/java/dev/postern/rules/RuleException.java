package dev.postern.rules;

/// Carries a problem from where it is found to the edge of this component.
public final class RuleException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient RuleProblem problem;

  /// @param problem what is wrong
  public RuleException(RuleProblem problem) {
    super(problem.message(), null, false, false);
    this.problem = problem;
  }

  /// Returns what is wrong
  public RuleProblem problem() {
    return problem;
  }
}
