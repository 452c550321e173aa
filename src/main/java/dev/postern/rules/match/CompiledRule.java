package dev.postern.rules.match;

import dev.postern.rules.Rule;
import dev.postern.rules.request.RuleRequest;
import java.util.List;

/// A rule ready to be asked. It is a chain of conditions, each with the place to go on at when it
/// holds and when it does not, so a rule of any depth is answered by one loop, from left to right,
/// asking only what can still change the answer. Immutable and safe for use by several threads.
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

  /// Tells whether the rule holds for a request.
  ///
  /// @param request any request
  /// @return whether Traefik would let the router match
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
