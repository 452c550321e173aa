package dev.postern.config.dynamic;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a rules directory or file says, as far as it matters here.
///
/// @param routers the HTTP routers, by file and name
/// @param middlewares the HTTP middlewares
/// @param services the HTTP services
public record DynamicConfig(
    List<RouterEntry> routers, List<MiddlewareEntry> middlewares, List<ServiceEntry> services) {
  /// Copies the lists.
  public DynamicConfig {
    routers = List.copyOf(routers);
    middlewares = List.copyOf(middlewares);
    services = List.copyOf(services);
  }

  /// Where something stands.
  ///
  /// @param file the file
  /// @param line its line, counted from 1; 0 when unknown
  public record Origin(String file, int line) {
    /// The usual form, `file:line`.
    @Override
    public String toString() {
      return line > 0 ? file + ":" + line : file;
    }
  }

  /// An HTTP router.
  ///
  /// @param name its name as written, without provider
  /// @param rule its rule, empty when there is none
  /// @param ruleSyntax the language it names, or empty
  /// @param priority the priority it names; 0 stands for the length of the rule
  /// @param entryPoints the entry points it names; empty for the default ones
  /// @param middlewares its middlewares as written, in order
  /// @param service its service as written, or empty
  /// @param parentRefs the routers above it as written
  /// @param tls whether it has a `tls` section that counts
  /// @param origin where it stands
  public record RouterEntry(
      String name,
      String rule,
      String ruleSyntax,
      long priority,
      List<String> entryPoints,
      List<String> middlewares,
      String service,
      List<String> parentRefs,
      boolean tls,
      Origin origin) {
    /// Copies the lists.
    public RouterEntry {
      entryPoints = List.copyOf(entryPoints);
      middlewares = List.copyOf(middlewares);
      parentRefs = List.copyOf(parentRefs);
    }
  }

  /// An HTTP middleware.
  ///
  /// @param name its name as written, without provider
  /// @param kinds what it is, such as `forwardAuth`, as written; Traefik serves it only if it is
  ///   exactly one
  /// @param chain for a chain its members as written, in order
  /// @param plugins for a plugin its name with its settings: nested maps and lists of texts
  /// @param origin where it stands
  public record MiddlewareEntry(
      String name,
      List<String> kinds,
      List<String> chain,
      Map<String, Object> plugins,
      Origin origin) {
    /// Copies the collections.
    public MiddlewareEntry {
      kinds = List.copyOf(kinds);
      chain = List.copyOf(chain);
      plugins = Collections.unmodifiableMap(new LinkedHashMap<>(plugins));
    }
  }

  /// An HTTP service.
  ///
  /// @param name its name as written, without provider
  /// @param origin where it stands
  public record ServiceEntry(String name, Origin origin) {}
}
