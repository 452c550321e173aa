package dev.postern.routing;

import dev.postern.routing.definition.MiddlewareDefinition;
import dev.postern.routing.definition.Provider;
import dev.postern.routing.definition.RouterDefinition;
import dev.postern.routing.definition.Snapshot;
import dev.postern.routing.pluginoptions.ChallengeResponse;
import dev.postern.rules.Priorities;
import dev.postern.rules.index.HostIndex;
import dev.postern.rules.index.HostIndex.Ruled;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// All routers in Traefik's order.
final class RouterTable {
  private final List<Router> inOrder;
  private final HostIndex<Router> index;
  private final List<View> views;
  private final RewritingRouters rewriting;
  private final ChallengeTable options;

  /// The routers that compete with each other at one entry point, under one assumption about it.
  ///
  /// @param tls whether the entry point uses TLS. An entry point may enable TLS for all of its
  ///   routers, so there are views with and without that
  /// @param index these routers
  private record View(boolean tls, HostIndex<Router> index) {}

  private RouterTable(
      List<Router> inOrder,
      HostIndex<Router> index,
      List<View> views,
      RewritingRouters rewriting,
      ChallengeTable options) {
    this.inOrder = inOrder;
    this.index = index;
    this.views = views;
    this.rewriting = rewriting;
    this.options = options;
  }

  /// Orders and compiles the routers of several sources; each name occurs once.
  ///
  /// Data of Traefik's API has precedence over files: templates are rendered, the additions of
  /// entry points are included, and it is what Traefik really serves. Files only add what the API
  /// does not have yet.
  static RouterTable of(Map<Provider, Snapshot> snapshots) {
    Snapshot api = snapshots.getOrDefault(Provider.TRAEFIK, Snapshot.EMPTY);
    Snapshot files = snapshots.getOrDefault(Provider.FILE, Snapshot.EMPTY);
    Map<String, MiddlewareDefinition> middlewares = new HashMap<>();
    Stream.of(api, files)
        .flatMap(snapshot -> snapshot.middlewares().stream())
        .forEach(one -> middlewares.merge(one.name(), one, RouterTable::withOptionsOf));
    Map<String, RouterDefinition> byName = new LinkedHashMap<>();
    Set<String> cloned = new HashSet<>();
    for (RouterDefinition router : api.routers()) {
      byName.putIfAbsent(router.name(), router);
      originalName(router).ifPresent(cloned::add);
    }
    for (RouterDefinition router : files.routers()) {
      if (!cloned.contains(router.name())) {
        // The place in a file is more helpful than the API's URL.
        byName.merge(router.name(), router, (served, file) -> served.withOrigin(file.origin()));
      }
    }
    Set<String> shown =
        api.routers().stream().map(RouterDefinition::name).collect(Collectors.toSet());
    return of(byName.values().stream().map(Router::of), middlewares, shown, files.middlewares());
  }

  /// The options of a middleware in both are those of the file, which is authoritative for them.
  private static MiddlewareDefinition withOptionsOf(
      MiddlewareDefinition served, MiddlewareDefinition file) {
    return served.options().isEmpty() ? served.withOptions(file.options()) : served;
  }

  /// Traefik copies routers for an entry point that adds something to them, and prefixes the
  /// copies' names with the entry point (docs/design/traefik.md section 5.5).
  private static Optional<String> originalName(RouterDefinition router) {
    List<String> entryPoints = router.entryPoints();
    String prefix = entryPoints.size() == 1 ? entryPoints.getFirst() + "-" : "";
    return !prefix.isEmpty() && router.name().startsWith(prefix)
        ? Optional.of(router.name().substring(prefix.length()))
        : Optional.empty();
  }

  private static RouterTable of(
      Stream<Router> routers,
      Map<String, MiddlewareDefinition> middlewares,
      Set<String> shown,
      List<MiddlewareDefinition> ofFiles) {
    Comparator<Router> order =
        Comparator.comparing(Router::ranked, Priorities.order(Priorities.DEFAULT_PRECEDENCE));
    List<Router> inOrder = routers.sorted(order).toList();
    List<Ruled<Router>> served = new ArrayList<>();
    for (Router router : inOrder) {
      if (router.refusal().isEmpty()) {
        router.rule().valid().ifPresent(rule -> served.add(new Ruled<>(router, rule)));
      }
    }
    return new RouterTable(
        inOrder,
        HostIndex.of(served),
        views(served, shown),
        RewritingRouters.of(served, middlewares),
        ChallengeTable.of(inOrder, middlewares, ofFiles));
  }

  List<Router> inOrder() {
    return inOrder;
  }

  /// The sets of routers that can be at one entry point. The default entry points are unknown, so
  /// routers without entry points may or may not be at each of them.
  private static List<View> views(List<Ruled<Router>> served, Set<String> shown) {
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
      views.add(view(true, routers, one -> one.definition().tls()));
      views.add(view(false, routers, one -> !one.definition().tls()));
      List<Router> plain =
          routers.stream().map(Ruled::value).filter(one -> !one.definition().tls()).toList();
      if (plain.stream().anyMatch(one -> !shown.contains(one.name()))
          && plain.stream().noneMatch(one -> provesPlain(one, shown))) {
        views.add(
            view(true, routers, one -> one.definition().tls() || !shown.contains(one.name())));
      }
    }
    return views.stream().filter(view -> !view.index().isEmpty()).toList();
  }

  /// An entry point with `http.tls` enables TLS for its routers without a `tls` section
  /// (docs/design/traefik.md section 5.5). Files do not show that. The API does, so a router
  /// without TLS there is at a plain-text entry point.
  private static boolean provesPlain(Router router, Set<String> shown) {
    return router.definition().entryPoints().size() == 1 && shown.contains(router.name());
  }

  private static View view(boolean tls, List<Ruled<Router>> routers, Predicate<Router> members) {
    return new View(
        tls,
        HostIndex.of(routers.stream().filter(router -> members.test(router.value())).toList()));
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

  /// The only router that can have handled a request; null when there are several or none, or rules
  /// are not evaluated.
  ///
  /// The entry point is unknown, so each is considered: routers compete only with those at the same
  /// entry point.
  @Nullable Router only(RoutedRequest routed) {
    if (index.isEmpty()) {
      return null;
    }
    Router only = routed.isUndecided() ? null : guess(routed);
    return routed.isUndecided() ? null : only;
  }

  private @Nullable Router guess(RoutedRequest routed) {
    boolean isTls = routed.isTls();
    Router only = null;
    for (View view : views) {
      Router first = view.tls() == isTls ? view.index().first(routed, _ -> true) : null;
      if (first != null && first.isOfTraefikItself()) {
        continue;
      }
      if (first != null && only != null && !first.name().equals(only.name())) {
        return null;
      }
      only = first == null ? only : first;
    }
    return only == null || rewriting.covers(routed.canonicalHost(), routed.host(), only)
        ? null
        : only;
  }

  /// Every router that can have handled a request: at each entry point the first that matches, and
  /// those that may have changed the request before it was forwarded.
  private List<Router> candidates(RoutedRequest routed) {
    boolean isTls = routed.isTls();
    Map<String, Router> found = new LinkedHashMap<>();
    for (View view : views) {
      Router first = view.tls() == isTls ? view.index().first(routed, _ -> true) : null;
      if (first != null && !first.isOfTraefikItself()) {
        found.putIfAbsent(first.name(), first);
      }
    }
    rewriting
        .possible(routed.canonicalHost(), routed.host())
        .forEach(router -> found.putIfAbsent(router.name(), router));
    return List.copyOf(found.values());
  }

  /// The routers that decide which options apply to a request.
  private List<Router> routersForOptions(RoutedRequest routed) {
    return options.asksRouter() && !routed.isUndecided() ? candidates(routed) : List.of();
  }

  /// The same table without blocks that would change every challenge.
  RouterTable ofKnownUsers() {
    return new RouterTable(inOrder, index, views, rewriting, options.ofKnownUsers());
  }

  ChallengeResponse challenge(RoutedRequest routed) {
    if (options.isEmpty()) {
      return ChallengeResponse.UNCHANGED;
    }
    List<Router> candidates = routersForOptions(routed);
    return routed.isUndecided()
        ? ChallengeResponse.UNCHANGED
        : options.challenge(routed.forwarded().uri(), candidates);
  }

  /// What options do with a challenge, in sentences.
  List<String> challengeReasons(RoutedRequest routed) {
    return options.reasons(routed.forwarded().uri(), routersForOptions(routed));
  }

  /// Every router whose rule matches a request, in order.
  List<Router> matching(RoutedRequest routed) {
    List<Router> found = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (Router next = index.first(routed, router -> !seen.contains(router.name()));
        next != null;
        next = index.first(routed, router -> !seen.contains(router.name()))) {
      seen.add(next.name());
      found.add(next);
    }
    return found;
  }
}
