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
/// @param definition what its source says
/// @param priority its effective priority (docs/design/traefik.md section 2.6)
/// @param rule the compiled rule, or why there is none
/// @param service the qualified name of its service, for example `app@file`: one without a provider
///   is of the router's own (docs/design/traefik.md section 5.5); as it is configured where the
///   router's name does not say one provider; or empty
public record Router(
    RouterDefinition definition, long priority, RuleResult<CompiledRule> rule, String service) {
  /// Compiles a router.
  ///
  /// @param definition what its source says
  /// @return the router, usable or not
  public static Router of(RouterDefinition definition) {
    return new Router(
        definition,
        Priorities.effective(definition.priority(), definition.rule()),
        RuleCompiler.compile(definition.rule(), RuleSyntax.ofConfigured(definition.ruleSyntax())),
        service(definition));
  }

  /// Its qualified name.
  ///
  /// @return for example `app@file`
  public String name() {
    return definition.name();
  }

  private static String service(RouterDefinition definition) {
    String service = definition.service();
    return service.indexOf('@') >= 0 || service.isEmpty()
        ? service
        : Priorities.provider(definition.name()).map(own -> service + "@" + own).orElse(service);
  }

  /// Why Traefik does not serve it.
  ///
  /// @return a sentence, empty when it is served
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

  /// Whether Traefik answers by itself, as it does for its dashboard or to redirect to TLS, and so
  /// forwards nothing.
  boolean isOfTraefikItself() {
    return Stream.concat(Stream.of(name()), definition.middlewares().stream())
        .allMatch(name -> name.endsWith("@internal"));
  }

  Priorities.Ranked ranked() {
    return new Priorities.Ranked(name(), priority);
  }
}
