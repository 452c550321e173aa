package dev.postern.config.dynamic;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The routers, middlewares and services that a rules directory or file defines.
public record DynamicConfig(
    List<RouterEntry> routers, List<MiddlewareEntry> middlewares, List<ServiceEntry> services) {
  public DynamicConfig {
    routers = List.copyOf(routers);
    middlewares = List.copyOf(middlewares);
    services = List.copyOf(services);
  }

  /// The place of a definition.
  ///
  /// @param line line number, from 1; 0 when unknown
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
  /// @param rule its rule, or empty
  /// @param ruleSyntax its configured syntax, or empty
  /// @param priority its configured priority; 0 means the length of the rule
  /// @param entryPoints its configured entry points; empty means the default ones
  /// @param middlewares its middlewares as written, in order
  /// @param service its service as written, or empty
  /// @param parentRefs its parent routers as written
  /// @param tls whether it has an effective `tls` section
  /// @param origin where it is defined
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
    public RouterEntry {
      entryPoints = List.copyOf(entryPoints);
      middlewares = List.copyOf(middlewares);
      parentRefs = List.copyOf(parentRefs);
    }
  }

  /// An HTTP middleware.
  ///
  /// @param name its name as written, without provider
  /// @param kinds the kinds configured in it, such as `forwardAuth`, as written; Traefik serves it
  ///   only if there is exactly one
  /// @param chain for a chain, its members as written, in order
  /// @param plugins for a plugin, its name with its settings: nested maps and lists of text
  /// @param origin where it is defined
  public record MiddlewareEntry(
      String name,
      List<String> kinds,
      List<String> chain,
      Map<String, Object> plugins,
      Origin origin) {
    public MiddlewareEntry {
      kinds = List.copyOf(kinds);
      chain = List.copyOf(chain);
      plugins = Collections.unmodifiableMap(new LinkedHashMap<>(plugins));
    }
  }

  /// An HTTP service.
  ///
  /// @param name its name as written, without provider
  /// @param origin where it is defined
  public record ServiceEntry(String name, Origin origin) {}
}
