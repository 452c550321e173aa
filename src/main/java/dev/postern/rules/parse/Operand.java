package dev.postern.rules.parse;

import dev.postern.rules.Rule;
import org.jspecify.annotations.Nullable;

/// What an expression is worth to a rule while it is being parsed.
sealed interface Operand {

  /// A condition.
  record Condition(Rule rule) implements Operand {}

  /// A string literal, which is good for an argument only.
  record Text(String value) implements Operand {}

  /// A number, good for nothing, but Traefik notices only where it is used.
  record Numeral() implements Operand {}

  /// A bare name, which is good only in front of parentheses.
  ///
  /// @param qualifier what stands before the dot, or null
  record Name(@Nullable String qualifier, String name) implements Operand {
    String full() {
      return qualifier == null ? name : qualifier + "." + name;
    }
  }

  /// Anything else Go can express; always a mistake in a rule.
  record Other() implements Operand {}
}
