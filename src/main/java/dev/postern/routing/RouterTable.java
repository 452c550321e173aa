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
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// All routers in the order in which Traefik asks them.
final class RouterTable {
  private final List<Router> inOrder;
  private final HostIndex<Router> index;
  private final List<View> views;
  private final Blur blur;

  /// The routers that compete with each other at one entry point.
  ///
  /// @param tls whether they serve TLS only, or only what is not
  /// @param index these routers
  private record View(boolean tls, HostIndex<Router> index) {}

  private RouterTable(List<Router> inOrder, List<Ruled<Router>> served, Blur blur) {
    this.inOrder = inOrder;
    this.index = HostIndex.of(served);
    this.views = views(served);
    this.blur = blur;
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

  /// What can stand together at an entry point. Which entry points are the default ones is not
  /// known, so routers that name none may stand at each of them or not.
  private static List<View> views(List<Ruled<Router>> served) {
    Set<String> names = new TreeSet<>();
    served.forEach(router -> names.addAll(router.value().definition().entryPoints()));
    Set<List<Ruled<Router>>> together = new LinkedHashSet<>();
    together.add(standing(served, "", true));
    for (String name : names) {
      together.add(standing(served, name, true));
      together.add(standing(served, name, false));
    }
    List<View> views = new ArrayList<>();
    for (List<Ruled<Router>> routers : together) {
      for (boolean tls : List.of(true, false)) {
        views.add(
            new View(
                tls,
                HostIndex.of(
                    routers.stream()
                        .filter(router -> router.value().definition().tls() == tls)
                        .toList())));
      }
    }
    return views.stream().filter(view -> !view.index().isEmpty()).toList();
  }

  private static List<Ruled<Router>> standing(
      List<Ruled<Router>> served, String name, boolean isDefault) {
    return served.stream()
        .filter(router -> {
          List<String> own = router.value().definition().entryPoints();
          return own.isEmpty() ? isDefault : own.contains(name);
        })
        .toList();
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
    for (View view : views) {
      Router first = view.tls() == isTls ? view.index().first(asked, _ -> true) : null;
      if (first != null && only != null && !first.name().equals(only.name())) {
        return null;
      }
      only = first == null ? only : first;
    }
    return only == null || blur.covers(asked.canonicalHost(), request.host(), only) ? null : only;
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
