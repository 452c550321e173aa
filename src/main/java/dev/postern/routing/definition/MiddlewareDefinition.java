package dev.postern.routing.definition;

import java.util.List;

/// A middleware of Traefik, as far as it matters for guessing which router a request came through.
///
/// @param name its qualified name, such as `auth@file`
/// @param kind its kind in lower case, such as `forwardauth`, `chain` or `stripprefix`; for a
///   plugin its name
/// @param chain for a chain the qualified names of its members in order
public record MiddlewareDefinition(String name, String kind, List<String> chain) {
  /// Copies the list.
  public MiddlewareDefinition {
    chain = List.copyOf(chain);
  }
}
