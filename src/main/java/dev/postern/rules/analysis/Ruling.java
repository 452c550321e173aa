package dev.postern.rules.analysis;

import dev.postern.rules.Rule;
import dev.postern.rules.RuleSyntax;

/// A rule and the language it is written in, without which its matchers mean nothing.
///
/// @param rule a valid rule
/// @param syntax its language
public record Ruling(Rule rule, RuleSyntax syntax) {
  Ruling with(Rule other) {
    return new Ruling(other, syntax);
  }
}
