package dev.postern.routing;

import dev.postern.routing.definition.MiddlewareDefinition;
import dev.postern.rules.Rule;
import dev.postern.rules.RuleSyntax;
import dev.postern.rules.index.HostBounds;
import dev.postern.rules.index.HostClaim;
import dev.postern.rules.index.HostIndex.Ruled;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// The routers that may have changed a request before it was forwarded, for example with
/// `stripPrefix`. For them the forwarded request does not show whether their rule matched.
final class RewritingRouters {
  private static final Set<String> PATH_MATCHERS = Set.of("Path", "PathPrefix", "PathRegexp");
  private static final Set<String> PATH_CHANGES =
      Set.of("addprefix", "replacepath", "replacepathregex", "stripprefix", "stripprefixregex");
  private static final Set<String> HEADER_MATCHERS =
      Set.of("Header", "HeaderRegexp", "Headers", "HeadersRegexp");
  private static final Set<String> HEADER_CHANGES = Set.of("headers");

  private record Unindexed(Router router, HostClaim claim) {}

  private final Map<String, List<Router>> byHost = new HashMap<>();
  private final List<Unindexed> unindexed = new ArrayList<>();

  private RewritingRouters() {}

  static RewritingRouters of(
      List<Ruled<Router>> served, Map<String, MiddlewareDefinition> middlewares) {
    RewritingRouters result = new RewritingRouters();
    for (Ruled<Router> ruled : served) {
      if (isChanged(ruled, middlewares)) {
        result.add(ruled);
      }
    }
    return result;
  }

  private void add(Ruled<Router> ruled) {
    HostBounds bounds = HostBounds.of(ruled.rule().rule());
    if (bounds.limited()) {
      bounds
          .hosts()
          .forEach(host -> byHost.computeIfAbsent(host, _ -> new ArrayList<>()).add(ruled.value()));
    } else {
      RuleSyntax syntax = RuleSyntax.ofConfigured(ruled.value().definition().ruleSyntax());
      unindexed.add(new Unindexed(ruled.value(), HostClaim.of(ruled.rule(), syntax)));
    }
  }

  /// Whether a router's rule matches on something that one of its middlewares changes before the
  /// check.
  private static boolean isChanged(
      Ruled<Router> ruled, Map<String, MiddlewareDefinition> middlewares) {
    Set<String> inputs = new HashSet<>();
    ruled.rule().rule().leaves().stream().map(Rule.Matcher::name).forEach(inputs::add);
    boolean asksPath = inputs.stream().anyMatch(PATH_MATCHERS::contains);
    boolean asksHeaders = inputs.stream().anyMatch(HEADER_MATCHERS::contains);
    List<String> pending = new ArrayList<>(ruled.value().definition().middlewares().reversed());
    Set<String> seen = new HashSet<>();
    boolean isChanged = false;
    boolean isChangedBeforeCheck = false;
    boolean isChecked = false;
    while (!pending.isEmpty() && (asksPath || asksHeaders)) {
      String name = pending.removeLast();
      MiddlewareDefinition middleware = middlewares.get(name);
      if (middleware == null || !seen.add(name)) {
        continue;
      }
      if (middleware.kind().equals("forwardauth") || middleware.kind().equals("postern")) {
        // If there are several, any of them may be the one that called Postern.
        isChecked = true;
        isChangedBeforeCheck = isChanged;
      }
      isChanged |=
          (asksPath && PATH_CHANGES.contains(middleware.kind()))
              || (asksHeaders && HEADER_CHANGES.contains(middleware.kind()));
      pending.addAll(middleware.chain().reversed());
    }
    return isChecked ? isChangedBeforeCheck : isChanged;
  }

  /// Whether another router may have handled the request as well.
  ///
  /// @param canonicalHost the request's host without port, in lower case
  /// @param host the host as received, which some rules match on
  /// @param found the router that matches the forwarded request
  boolean covers(String canonicalHost, String host, Router found) {
    return possible(canonicalHost, host).anyMatch(router -> !router.name().equals(found.name()));
  }

  /// The routers for which the forwarded request does not show whether they handled it.
  ///
  /// @param canonicalHost the request's host without port, in lower case
  /// @param host the host as received, which some rules match on
  Stream<Router> possible(String canonicalHost, String host) {
    return Stream.concat(
        byHost.getOrDefault(HostBounds.plain(canonicalHost), List.of()).stream(),
        unindexed.stream().filter(one -> one.claim().mayMatch(host)).map(Unindexed::router));
  }
}
