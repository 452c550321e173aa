package dev.postern.routing;

import dev.postern.routing.definition.MiddlewareDefinition;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What is known of the TLS of entry points.
///
/// An entry point with `http.tls` gives TLS to its routers that have no `tls` section
/// (traefik-contract 5.5). That stands in Traefik's static configuration, which files do not show;
/// the routers of Traefik's API have it already.
///
/// @param shown names of the routers that Traefik's API shows
/// @param middlewares all middlewares by name
record TlsKnowledge(Set<String> shown, Map<String, MiddlewareDefinition> middlewares) {
  /// Whether a router may have TLS from its entry point without saying so.
  boolean isOpen(Router router) {
    return !router.definition().tls() && !shown.contains(router.name());
  }

  /// Whether an entry point may have TLS for all of its routers.
  ///
  /// It has not where the API shows a router without TLS, nor where one sends plain HTTP to https:
  /// with TLS from the entry point there would be none to send.
  ///
  /// @param routers the routers that stand there
  boolean mayBeOfEntryPoint(List<Router> routers) {
    return routers.stream().anyMatch(this::isOpen) && routers.stream().noneMatch(this::provesPlain);
  }

  private boolean provesPlain(Router router) {
    return !router.definition().tls()
        && router.definition().entryPoints().size() == 1
        && (!isOpen(router) || redirects(router));
  }

  private boolean redirects(Router router) {
    Set<String> seen = new HashSet<>();
    List<String> pending = List.copyOf(router.definition().middlewares());
    while (!pending.isEmpty()) {
      List<MiddlewareDefinition> here =
          pending.stream().filter(seen::add).map(middlewares::get).filter(m -> m != null).toList();
      if (here.stream().anyMatch(one -> one.kind().equals("redirectscheme"))) {
        return true;
      }
      pending = here.stream().flatMap(one -> one.chain().stream()).toList();
    }
    return false;
  }
}
