package dev.postern.rules.analysis;

import dev.postern.rules.Rule;
import dev.postern.rules.RuleSyntax;

/// A valid rule with its syntax, which determines the meaning of its matchers.
public record Ruling(Rule rule, RuleSyntax syntax) {
  Ruling with(Rule other) {
    return new Ruling(other, syntax);
  }
}
