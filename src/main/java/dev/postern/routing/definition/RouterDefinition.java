package dev.postern.routing.definition;

import java.util.List;

/// A Traefik router as one source defines it.
///
/// @param name its qualified name, such as `app@file`
/// @param rule the rule exactly as configured
/// @param ruleSyntax the configured `ruleSyntax`, or empty
/// @param priority the configured priority; 0 means the length of the rule
/// @param entryPoints names of its entry points; empty for the default ones
/// @param middlewares qualified names of its middlewares in order
/// @param service name of its service as configured
/// @param tls whether it serves TLS only
/// @param refused why Traefik does not serve it, or empty
/// @param origin where it is defined: a file with its line, or an address
public record RouterDefinition(
    String name,
    String rule,
    String ruleSyntax,
    long priority,
    List<String> entryPoints,
    List<String> middlewares,
    String service,
    boolean tls,
    String refused,
    String origin) {
  public RouterDefinition {
    entryPoints = List.copyOf(entryPoints);
    middlewares = List.copyOf(middlewares);
  }

  /// The same router with another origin.
  public RouterDefinition withOrigin(String place) {
    return new RouterDefinition(
        name, rule, ruleSyntax, priority, entryPoints, middlewares, service, tls, refused, place);
  }
}
