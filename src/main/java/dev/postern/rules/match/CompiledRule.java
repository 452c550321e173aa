package dev.postern.rules.match;

import dev.postern.rules.Rule;
import dev.postern.rules.request.RuleRequest;
import java.util.List;

/// A rule that is ready for evaluation: a chain of conditions, each with the index of the next
/// condition for true and for false. So a rule of any depth is evaluated by one loop, from left to
/// right, and only as far as the result is undecided. Immutable and thread-safe.
public final class CompiledRule {
  static final int ACCEPT = -1;
  static final int REJECT = -2;

  private final Rule rule;
  private final Condition[] conditions;
  private final int[] whenTrue;
  private final int[] whenFalse;
  private final int start;
  private final boolean costly;

  CompiledRule(
      Rule rule,
      List<Condition> conditions,
      int[] whenTrue,
      int[] whenFalse,
      int start,
      boolean costly) {
    this.rule = rule;
    this.conditions = conditions.toArray(Condition[]::new);
    this.whenTrue = whenTrue;
    this.whenFalse = whenFalse;
    this.start = start;
    this.costly = costly;
  }

  /// Returns the rule this was compiled from.
  public Rule rule() {
    return rule;
  }

  /// Whether the rule matches a request.
  public boolean matches(RuleRequest request) {
    return costly ? request.once(this, this::ask) : ask(request);
  }

  private boolean ask(RuleRequest request) {
    int next = start;
    while (next >= 0) {
      next = conditions[next].matches(request) ? whenTrue[next] : whenFalse[next];
    }
    return next == ACCEPT;
  }
}
