package dev.postern.routing.lint;

import dev.postern.routing.RouteTable.Listed;
import dev.postern.routing.definition.ApplicationDefinition;
import dev.postern.routing.definition.ApplicationDefinition.Kind;
import dev.postern.routing.definition.Claim;
import dev.postern.rules.RuleSyntax;
import dev.postern.rules.analysis.Implication;
import dev.postern.rules.analysis.OverlapFinder;
import dev.postern.rules.analysis.Ruling;
import dev.postern.rules.match.CompiledRule;
import dev.postern.rules.match.RuleCompiler;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Checks how applications affect each other.
final class ApplicationChecks {
  private static final int MAX_APPLICATIONS = 1_000;

  private record Ruled(ApplicationDefinition definition, CompiledRule rule, RuleSyntax syntax) {
    Ruling ruling() {
      return new Ruling(rule.rule(), syntax);
    }
  }

  private final List<Finding> findings = new ArrayList<>();

  private ApplicationChecks() {}

  /// Checks applications, which are in the order in which they are tried.
  static List<Finding> of(List<Listed> inOrder) {
    ApplicationChecks checks = new ApplicationChecks();
    List<ApplicationDefinition> definitions =
        inOrder.stream().map(Listed::definition).limit(MAX_APPLICATIONS).toList();
    definitions.stream().flatMap(one -> ruled(one).stream()).forEach(checks::ports);
    checks.individuals(
        definitions.stream()
            .filter(one -> one.kind() == Kind.INDIVIDUAL)
            .flatMap(one -> ruled(one).stream())
            .toList());
    checks.domains(definitions.stream().filter(one -> one.kind() == Kind.CATCH_ALL).toList());
    return checks.findings;
  }

  private static Optional<Ruled> ruled(ApplicationDefinition definition) {
    return definition.claim() instanceof Claim.Matching(String text, RuleSyntax syntax)
        ? RuleCompiler.compile(text, syntax)
            .valid()
            .map(rule -> new Ruled(definition, rule, syntax))
        : Optional.empty();
  }

  private void ports(Ruled one) {
    HostPorts.in(one.rule().rule())
        .forEach(found -> add(one.definition(), "port-in-host", found.message()));
  }

  private void individuals(List<Ruled> inOrder) {
    for (int i = 0; i < inOrder.size(); i++) {
      for (int j = 0; j < i; j++) {
        Ruled earlier = inOrder.get(j);
        Ruled later = inOrder.get(i);
        if (Implication.holds(later.ruling(), earlier.ruling())) {
          add(
              later.definition(),
              "never-decides",
              "never decides a request: "
                  + earlier.definition().name()
                  + " claims all of them and "
                  + comesFirst(earlier.definition(), later.definition()));
          break;
        }
        OverlapFinder.of(earlier.rule(), earlier.syntax(), later.rule(), later.syntax())
            .ifPresent(request -> overlap(earlier.definition(), later.definition(), request));
      }
    }
  }

  private void overlap(ApplicationDefinition first, ApplicationDefinition second, String request) {
    add(
        second,
        "overlapping-applications",
        "and "
            + first.name()
            + " both claim, for example, "
            + request
            + "; "
            + first.name()
            + " decides it because it "
            + comesFirst(first, second));
  }

  private void domains(List<ApplicationDefinition> inOrder) {
    for (int i = 0; i < inOrder.size(); i++) {
      for (int j = 0; j < i; j++) {
        ApplicationDefinition earlier = inOrder.get(j);
        ApplicationDefinition later = inOrder.get(i);
        if (!(earlier.claim() instanceof Claim.Domain(String wide))
            || !(later.claim() instanceof Claim.Domain(String narrow))
            || !(narrow.equals(wide) || narrow.endsWith("." + wide))) {
          continue;
        }
        add(
            later,
            earlier.rank() == later.rank() ? "order-by-chance" : "never-decides",
            earlier.rank() == later.rank()
                ? "has the same rank as "
                    + earlier.name()
                    + " and claims the same hosts, so their verdicts are never shared; remove one,"
                    + " or give one a priority"
                : "never decides a request: "
                    + earlier.name()
                    + " claims all of its hosts and "
                    + comesFirst(earlier, later));
        break;
      }
    }
  }

  private static String comesFirst(ApplicationDefinition first, ApplicationDefinition second) {
    return first.rank() == second.rank()
        ? "comes first by name, because both have equal rank; give one of them a priority"
        : "ranks above it, " + rank(first) + " against " + rank(second);
  }

  private static String rank(ApplicationDefinition definition) {
    return definition.priority() != 0
        ? "priority " + definition.priority()
        : "length " + definition.rank();
  }

  private void add(ApplicationDefinition definition, String check, String message) {
    findings.add(
        Finding.warning(check, definition.origin(), "application " + definition.name(), message));
  }
}
