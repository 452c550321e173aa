package dev.postern.routing.definition;

import dev.postern.routing.pluginoptions.ForwardOptions;
import java.util.List;

/// A middleware of Traefik, as far as it matters for guessing which router a request came through,
/// and for what is particular to the requests of that router.
///
/// @param name its qualified name, such as `auth@file`
/// @param kind its kind in lower case, such as `forwardauth`, `chain` or `stripprefix`; for a
///   plugin its name
/// @param chain for a chain the qualified names of its members in order
/// @param options the options of its `plugin` blocks
public record MiddlewareDefinition(
    String name, String kind, List<String> chain, List<ForwardOptions> options) {
  public MiddlewareDefinition {
    chain = List.copyOf(chain);
    options = List.copyOf(options);
  }

  /// A middleware without options.
  ///
  /// @param name see the record
  /// @param kind see the record
  /// @param chain see the record
  public MiddlewareDefinition(String name, String kind, List<String> chain) {
    this(name, kind, chain, List.of());
  }

  /// The same middleware with other options.
  ///
  /// @param other the options
  /// @return a definition that differs in nothing else
  public MiddlewareDefinition withOptions(List<ForwardOptions> other) {
    return new MiddlewareDefinition(name, kind, chain, other);
  }
}
