package dev.postern.rules.analysis;

import dev.postern.rules.Rule;
import dev.postern.rules.Rule.And;
import dev.postern.rules.Rule.Matcher;
import dev.postern.rules.Rule.Not;
import dev.postern.rules.Rule.Or;
import java.util.List;

/// Whether a rule matches every request that another rule matches. The proof uses only the
/// structure of the rules and is limited in steps; what cannot be proved counts as false.
///
/// Applies to ordinary requests only: not to those whose host ends with a dot, for which `Host` and
/// `HostRegexp` differ, and not to those for `*` instead of a path.
public final class Implication {
  private static final int MAX_DEPTH = 16;
  private static final int MAX_STEPS = 2_000;

  private int steps;

  private Implication() {}

  /// Tries to find a proof.
  ///
  /// @param special the rule that would match less
  /// @param general the rule that would match more
  /// @return true only if every ordinary request that `special` matches is matched by `general`
  public static boolean holds(Ruling special, Ruling general) {
    return new Implication().implies(special, general, 0);
  }

  private boolean implies(Ruling special, Ruling general, int depth) {
    if (depth > MAX_DEPTH || ++steps > MAX_STEPS) {
      return false;
    }
    if (special.rule() instanceof Or(List<Rule> terms)) {
      return terms.stream().allMatch(term -> implies(special.with(term), general, depth + 1));
    }
    if (general.rule() instanceof And(List<Rule> terms)) {
      return terms.stream().allMatch(term -> implies(special, general.with(term), depth + 1));
    }
    if (special.rule() instanceof And(List<Rule> terms)
        && terms.stream().anyMatch(term -> implies(special.with(term), general, depth + 1))) {
      return true;
    }
    return switch (general.rule()) {
      case Or(List<Rule> terms) ->
          terms.stream().anyMatch(term -> implies(special, general.with(term), depth + 1));
      case Not(Rule denied) ->
          special.rule() instanceof Not(Rule term)
              && implies(general.with(denied), special.with(term), depth + 1);
      case Matcher wide ->
          MatcherImplication.isUniversal(wide, general.syntax())
              || (special.rule() instanceof Matcher narrow
                  && MatcherImplication.implies(narrow, special.syntax(), wide, general.syntax()));
      case And _ -> false;
    };
  }
}
