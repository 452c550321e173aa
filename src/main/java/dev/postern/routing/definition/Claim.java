package dev.postern.routing.definition;

import dev.postern.rules.RuleSyntax;

/// Which requests belong to an application.
public sealed interface Claim {
  /// The requests that a rule matches.
  ///
  /// @param text the rule in Traefik's language, as configured
  /// @param syntax which of the two languages
  record Matching(String text, RuleSyntax syntax) implements Claim {}

  /// The requests to one host.
  ///
  /// @param host the host as clients send it, with a port if they send one
  record OneHost(String host) implements Claim {}

  /// The requests to a domain and everything below it.
  ///
  /// @param cookieDomain the domain without a leading dot
  record Domain(String cookieDomain) implements Claim {}
}
