package dev.postern.routing;

import dev.postern.routing.definition.RouterDefinition;
import dev.postern.rules.Priorities;
import dev.postern.rules.RuleProblem;
import dev.postern.rules.RuleResult;
import dev.postern.rules.RuleSyntax;
import dev.postern.rules.match.CompiledRule;
import dev.postern.rules.match.RuleCompiler;
import java.util.stream.Stream;

/// A router with its rule compiled.
///
/// @param definition its definition in its source
/// @param priority its effective priority (docs/design/traefik.md section 2.6)
/// @param rule the compiled rule, or why it is invalid
/// @param service the qualified name of its service, for example `app@file`. A service without a
///   provider belongs to the router's own one (docs/design/traefik.md section 5.5); if the router's
///   name has no unique provider, the service is as configured. Empty when there is none
public record Router(
    RouterDefinition definition, long priority, RuleResult<CompiledRule> rule, String service) {
  /// Compiles a router, whether or not its rule is valid.
  public static Router of(RouterDefinition definition) {
    return new Router(
        definition,
        Priorities.effective(definition.priority(), definition.rule()),
        RuleCompiler.compile(definition.rule(), RuleSyntax.ofConfigured(definition.ruleSyntax())),
        service(definition));
  }

  /// Its qualified name, for example `app@file`.
  public String name() {
    return definition.name();
  }

  private static String service(RouterDefinition definition) {
    String service = definition.service();
    return service.indexOf('@') >= 0 || service.isEmpty()
        ? service
        : Priorities.provider(definition.name()).map(own -> service + "@" + own).orElse(service);
  }

  /// Why Traefik does not serve it, as a sentence; empty when it does.
  public String refusal() {
    if (!definition.refused().isEmpty()) {
      return definition.refused();
    }
    return rule.invalid()
        .map(Router::sentence)
        .orElse(
            Priorities.isAccepted(name(), priority)
                ? ""
                : "its priority " + priority + " is above " + Priorities.MAX_CONFIGURED);
  }

  private static String sentence(RuleProblem problem) {
    return "its rule is wrong at column " + problem.column() + ": " + problem.message();
  }

  /// Whether Traefik responds itself, as for its dashboard or a redirect to TLS, and so forwards
  /// nothing.
  boolean isOfTraefikItself() {
    return Stream.concat(Stream.of(name()), definition.middlewares().stream())
        .allMatch(name -> name.endsWith("@internal"));
  }

  Priorities.Ranked ranked() {
    return new Priorities.Ranked(name(), priority);
  }
}
