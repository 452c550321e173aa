package dev.postern.rules;

import java.util.Optional;
import java.util.function.Function;

/// The result of reading a rule: a value, or the first problem.
public sealed interface RuleResult<T> {

  /// A valid rule.
  record Valid<T>(T value) implements RuleResult<T> {}

  /// An invalid rule.
  ///
  /// @param problem the first problem, in Traefik's order of checks
  record Invalid<T>(RuleProblem problem) implements RuleResult<T> {}

  /// Applies a function to the value of a valid rule; keeps the problem of an invalid one.
  default <R> RuleResult<R> then(Function<T, RuleResult<R>> next) {
    return switch (this) {
      case Valid<T>(T value) -> next.apply(value);
      case Invalid<T>(RuleProblem problem) -> new Invalid<>(problem);
    };
  }

  /// Returns the value, or empty for an invalid rule.
  default Optional<T> valid() {
    return switch (this) {
      case Valid<T>(T value) -> Optional.of(value);
      case Invalid<T> _ -> Optional.empty();
    };
  }

  /// Returns the problem, or empty for a valid rule.
  default Optional<RuleProblem> invalid() {
    return switch (this) {
      case Valid<T> _ -> Optional.empty();
      case Invalid<T>(RuleProblem problem) -> Optional.of(problem);
    };
  }
}
