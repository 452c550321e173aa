package dev.postern.rules.match;

import static dev.postern.rules.match.CompiledRule.ACCEPT;
import static dev.postern.rules.match.CompiledRule.REJECT;

import dev.postern.rules.Rule;
import java.util.ArrayList;
import java.util.List;

/// Links the conditions of a rule. Walks the tree from right to left, so that the next condition is
/// always known; a negation just swaps the targets for true and false.
final class Wiring {
  private final List<Condition> conditions;
  private final boolean costly;
  private final int[] whenTrue;
  private final int[] whenFalse;
  private final List<Step> pending = new ArrayList<>();
  private int entry;

  /// @param conditions one for each leaf of the rule, from left to right
  /// @param costly whether the rule is evaluated only once per request
  Wiring(List<Condition> conditions, boolean costly) {
    this.conditions = conditions;
    this.costly = costly;
    this.entry = conditions.size();
    this.whenTrue = new int[entry];
    this.whenFalse = new int[entry];
  }

  /// A part of the rule with its targets for true (`accept`) and false (`reject`). `remaining`
  /// counts the terms not yet walked; for all but the last term one of the targets is the term to
  /// its right.
  private record Step(Rule rule, int accept, int reject, int remaining) {}

  CompiledRule connect(Rule rule) {
    push(rule, ACCEPT, REJECT);
    while (!pending.isEmpty()) {
      Step step = pending.removeLast();
      switch (step.rule) {
        case Rule.Matcher _ -> {
          entry--;
          whenTrue[entry] = step.accept;
          whenFalse[entry] = step.reject;
        }
        case Rule.Not(Rule term) ->
            push(term, /* accept= */ step.reject, /* reject= */ step.accept);
        case Rule.And(List<Rule> terms) -> {
          boolean last = step.remaining == terms.size();
          term(step, terms, last ? step.accept : entry, step.reject);
        }
        case Rule.Or(List<Rule> terms) -> {
          boolean last = step.remaining == terms.size();
          term(step, terms, step.accept, last ? step.reject : entry);
        }
      }
    }
    return new CompiledRule(rule, conditions, whenTrue, whenFalse, entry, costly);
  }

  private void term(Step step, List<Rule> terms, int accept, int reject) {
    int index = step.remaining - 1;
    if (index > 0) {
      pending.add(new Step(step.rule, step.accept, step.reject, index));
    }
    push(terms.get(index), accept, reject);
  }

  private void push(Rule rule, int accept, int reject) {
    int terms =
        switch (rule) {
          case Rule.And(List<Rule> all) -> all.size();
          case Rule.Or(List<Rule> all) -> all.size();
          case Rule.Not _, Rule.Matcher _ -> 1;
        };
    pending.add(new Step(rule, accept, reject, terms));
  }
}
