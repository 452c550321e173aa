package dev.postern.routing;

import dev.postern.http.ForwardedRequest;
import dev.postern.routing.definition.MiddlewareDefinition;
import dev.postern.routing.definition.Snapshot;
import dev.postern.rules.Priorities;
import dev.postern.rules.index.HostIndex;
import dev.postern.rules.index.HostIndex.Ruled;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// All routers in the order in which Traefik asks them.
final class RouterTable {
  private final List<Router> inOrder;
  private final HostIndex<Router> index;
  private final Set<Set<String>> entryPoints;
  private final Blur blur;

  private RouterTable(List<Router> inOrder, List<Ruled<Router>> served, Blur blur) {
    this.inOrder = inOrder;
    this.index = HostIndex.of(served);
    this.blur = blur;
    entryPoints = new LinkedHashSet<>();
    served.forEach(
        router -> entryPoints.add(Set.copyOf(router.value().definition().entryPoints())));
  }

  /// Orders and compiles the routers of several sources; of two with one name the first counts.
  static RouterTable of(Collection<Snapshot> snapshots) {
    Map<String, Router> byName = new LinkedHashMap<>();
    Map<String, MiddlewareDefinition> middlewares = new HashMap<>();
    for (Snapshot snapshot : snapshots) {
      snapshot
          .routers()
          .forEach(router -> byName.computeIfAbsent(router.name(), _ -> Router.of(router)));
      snapshot.middlewares().forEach(one -> middlewares.putIfAbsent(one.name(), one));
    }
    Comparator<Router> order =
        Comparator.comparing(Router::ranked, Priorities.order(Priorities.DEFAULT_PRECEDENCE));
    List<Router> inOrder = byName.values().stream().sorted(order).toList();
    List<Ruled<Router>> served = new ArrayList<>();
    for (Router router : inOrder) {
      if (router.refusal().isEmpty()) {
        router.rule().valid().ifPresent(rule -> served.add(new Ruled<>(router, rule)));
      }
    }
    return new RouterTable(inOrder, served, Blur.of(served, middlewares));
  }

  List<Router> inOrder() {
    return inOrder;
  }

  /// The only router that a request can have come through, or null when there are several or none.
  ///
  /// The entry point is not known, so each gets a say: the routers that stand at one entry point
  /// compete with each other, not with those of another.
  @Nullable Router only(ForwardedRequest request) {
    if (index.isEmpty()) {
      return null;
    }
    RoutedRequest asked = new RoutedRequest(request);
    boolean isTls = request.proto().equals("https") || request.proto().equals("wss");
    Router only = null;
    for (Set<String> names : entryPoints) {
      Router first =
          index.first(
              asked, router -> router.definition().tls() == isTls && standsAt(router, names));
      if (first != null && only != null && !first.name().equals(only.name())) {
        return null;
      }
      only = first == null ? only : first;
    }
    return only == null || blur.covers(asked.canonicalHost(), only) ? null : only;
  }

  private static boolean standsAt(Router router, Set<String> names) {
    List<String> own = router.definition().entryPoints();
    return own.isEmpty() || names.isEmpty() || own.stream().anyMatch(names::contains);
  }

  /// Every router that matches a request, in order, as far as the rule alone tells.
  List<Router> matching(ForwardedRequest request) {
    RoutedRequest asked = new RoutedRequest(request);
    List<Router> found = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (Router next = index.first(asked, router -> !seen.contains(router.name()));
        next != null;
        next = index.first(asked, router -> !seen.contains(router.name()))) {
      seen.add(next.name());
      found.add(next);
    }
    return found;
  }
}
