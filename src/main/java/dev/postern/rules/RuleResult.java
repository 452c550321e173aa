package dev.postern.rules;

import java.util.Optional;
import java.util.function.Function;

/// The outcome of reading a rule: a value, or the first problem.
///
/// @param <T> what a good rule yields
public sealed interface RuleResult<T> {

  /// A good rule.
  ///
  /// @param value what was made of it
  record Valid<T>(T value) implements RuleResult<T> {}

  /// A refused rule.
  ///
  /// @param problem the first problem, in Traefik's order of checks
  record Invalid<T>(RuleProblem problem) implements RuleResult<T> {}

  /// Continues with the value of a good rule and keeps the problem of a bad one.
  ///
  /// @param next the step to take with a value
  /// @return the outcome of that step, or this problem
  default <R> RuleResult<R> then(Function<T, RuleResult<R>> next) {
    return switch (this) {
      case Valid<T>(T value) -> next.apply(value);
      case Invalid<T>(RuleProblem problem) -> new Invalid<>(problem);
    };
  }

  /// Returns the value, or empty for a refused rule
  default Optional<T> valid() {
    return switch (this) {
      case Valid<T>(T value) -> Optional.of(value);
      case Invalid<T> _ -> Optional.empty();
    };
  }

  /// Returns the problem, or empty for a good rule
  default Optional<RuleProblem> invalid() {
    return switch (this) {
      case Valid<T> _ -> Optional.empty();
      case Invalid<T>(RuleProblem problem) -> Optional.of(problem);
    };
  }
}
