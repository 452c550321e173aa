package dev.postern.routing.definition;

import dev.postern.routing.pluginoptions.ForwardOptions;
import java.util.List;

/// A Traefik middleware: the parts that are needed to guess the router of a request, and the
/// options that apply to that router's requests.
///
/// @param name its qualified name, such as `auth@file`
/// @param kind its kind in lower case, such as `forwardauth`, `chain` or `stripprefix`; for a
///   plugin the plugin's name
/// @param chain for a chain the qualified names of its members, in order
/// @param options the options of its `plugin` blocks
public record MiddlewareDefinition(
    String name, String kind, List<String> chain, List<ForwardOptions> options) {
  public MiddlewareDefinition {
    chain = List.copyOf(chain);
    options = List.copyOf(options);
  }

  /// A middleware without options.
  public MiddlewareDefinition(String name, String kind, List<String> chain) {
    this(name, kind, chain, List.of());
  }

  /// The same middleware with other options.
  public MiddlewareDefinition withOptions(List<ForwardOptions> other) {
    return new MiddlewareDefinition(name, kind, chain, other);
  }
}
