package dev.postern.rules.parse;

import dev.postern.rules.Rule;
import org.jspecify.annotations.Nullable;

/// The meaning of an expression during parsing.
sealed interface Operand {

  /// A condition.
  record Condition(Rule rule) implements Operand {}

  /// A string literal, which is valid only as an argument.
  record Text(String value) implements Operand {}

  /// A number, which is never valid, but Traefik reports it only where it is used.
  record Numeral() implements Operand {}

  /// A bare name, which is valid only before parentheses.
  ///
  /// @param qualifier the part before the dot, or null
  record Name(@Nullable String qualifier, String name) implements Operand {
    String full() {
      return qualifier == null ? name : qualifier + "." + name;
    }
  }

  /// Any other Go expression; never valid in a rule.
  record Other() implements Operand {}
}
