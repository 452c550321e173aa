package dev.postern.testing.program;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/// Evaluates [NeedsProgram].
final class ProgramCondition implements ExecutionCondition {
  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    Optional<NeedsProgram> needs =
        AnnotationSupport.findAnnotation(context.getElement(), NeedsProgram.class);
    return needs
        .map(n -> evaluate(n.value(), p -> p.find().isPresent(), onBuildServer()))
        .orElseGet(() -> ConditionEvaluationResult.enabled("needs no program"));
  }

  private static boolean onBuildServer() {
    return Boolean.parseBoolean(System.getenv("CI"));
  }

  /// Skips if a program is missing, or throws if skipping is not allowed.
  static ConditionEvaluationResult evaluate(
      ExternalProgram[] programs, Predicate<ExternalProgram> installed, boolean ci) {
    String missing =
        Arrays.stream(programs)
            .filter(Predicate.not(installed))
            .map(p -> "%s (on the PATH, or -Dpostern.%s=/path)".formatted(p.command(), p.command()))
            .collect(Collectors.joining(", "));
    if (missing.isEmpty()) {
      return ConditionEvaluationResult.enabled("all programs are installed");
    }
    if (ci) {
      throw new IllegalStateException("CI is true, so these must be installed: " + missing);
    }
    return ConditionEvaluationResult.disabled("not installed: " + missing);
  }
}
