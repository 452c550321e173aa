package dev.postern.routing.lint;

import dev.postern.routing.Router;
import dev.postern.routing.definition.RouterDefinition;
import dev.postern.rules.Priorities;
import dev.postern.rules.RuleSyntax;
import dev.postern.rules.analysis.Implication;
import dev.postern.rules.analysis.OverlapFinder;
import dev.postern.rules.analysis.Ruling;
import dev.postern.rules.index.HostBounds;
import dev.postern.rules.match.CompiledRule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Finds routers that are fully shadowed by another one, and routers whose order is undefined.
final class RouterChecks {
  /// Sufficient for thousands of routers whose rules name hosts.
  private static final int MAX_PAIRS = 2_000_000;

  private record Served(Router router, CompiledRule rule, HostBounds bounds) {
    RuleSyntax syntax() {
      return RuleSyntax.ofConfigured(router.definition().ruleSyntax());
    }

    Ruling ruling() {
      return new Ruling(rule.rule(), syntax());
    }
  }

  private final List<Served> before = new ArrayList<>();
  private final Map<String, List<Integer>> byHost = new HashMap<>();
  private final List<Integer> anyHost = new ArrayList<>();
  private final List<Finding> findings = new ArrayList<>();
  private int pairs;

  private RouterChecks() {}

  /// Checks routers, which are in Traefik's order.
  static List<Finding> of(List<Router> inOrder) {
    RouterChecks checks = new RouterChecks();
    for (Router router : inOrder) {
      if (router.refusal().isEmpty()) {
        router
            .rule()
            .valid()
            .map(rule -> new Served(router, rule, HostBounds.of(rule.rule())))
            .ifPresent(checks::check);
      }
    }
    return checks.findings;
  }

  private void check(Served later) {
    boolean isShadowed = false;
    for (Served earlier : rivals(later)) {
      if (++pairs > MAX_PAIRS) {
        return;
      }
      if (earlier.router().priority() > later.router().priority()) {
        if (!isShadowed && isAtEveryEntryPoint(earlier, later) && covers(earlier, later)) {
          isShadowed = true;
          add(
              later,
              "never-matches",
              "never gets an ordinary request: "
                  + earlier.router().name()
                  + " matches all of them and comes first, "
                  + priority(earlier)
                  + " against "
                  + priority(later)
                  + "; raise its priority above "
                  + earlier.router().priority());
        }
      } else {
        reportUndefinedOrder(earlier, later);
      }
    }
    addToIndex(later);
  }

  private static boolean covers(Served earlier, Served later) {
    return Implication.holds(later.ruling(), earlier.ruling());
  }

  private void reportUndefinedOrder(Served one, Served other) {
    boolean isOneProvider =
        Priorities.provider(one.router().name()).equals(Priorities.provider(other.router().name()));
    if (!isOneProvider || !shareAnEntryPoint(one, other)) {
      return;
    }
    Optional<String> request =
        OverlapFinder.of(one.rule(), one.syntax(), other.rule(), other.syntax());
    request.ifPresent(found ->
        add(
            other,
            "order-by-chance",
            "and "
                + one.router().name()
                + " both match, for example, "
                + found
                + " and have equal rank ("
                + priority(other)
                + "), so the order is undefined and may change with every reload; give one of them"
                + " a priority"));
  }

  /// The earlier routers that could match the same host, in order.
  private List<Served> rivals(Served later) {
    if (!later.bounds().limited()) {
      return List.copyOf(before);
    }
    Set<Integer> places = new TreeSet<>(anyHost);
    later.bounds().hosts().forEach(host -> places.addAll(byHost.getOrDefault(host, List.of())));
    return places.stream().map(before::get).toList();
  }

  private void addToIndex(Served served) {
    int place = before.size();
    before.add(served);
    if (served.bounds().limited()) {
      served
          .bounds()
          .hosts()
          .forEach(host -> byHost.computeIfAbsent(host, _ -> new ArrayList<>()).add(place));
    } else {
      anyHost.add(place);
    }
  }

  /// Whether one router is certainly at every entry point where another may be. The default entry
  /// points are unknown.
  private static boolean isAtEveryEntryPoint(Served earlier, Served later) {
    RouterDefinition one = earlier.router().definition();
    RouterDefinition other = later.router().definition();
    boolean isEverywhere =
        other.entryPoints().isEmpty()
            ? one.entryPoints().isEmpty()
            : one.entryPoints().containsAll(other.entryPoints());
    return isEverywhere && one.tls() == other.tls();
  }

  private static boolean shareAnEntryPoint(Served earlier, Served later) {
    RouterDefinition one = earlier.router().definition();
    RouterDefinition other = later.router().definition();
    boolean isSomewhere =
        (one.entryPoints().isEmpty() && other.entryPoints().isEmpty())
            || one.entryPoints().stream().anyMatch(other.entryPoints()::contains);
    return isSomewhere && one.tls() == other.tls();
  }

  private static String priority(Served served) {
    return served.router().definition().priority() != 0
        ? "priority " + served.router().priority()
        : "a rule of " + served.router().priority() + " bytes";
  }

  private void add(Served served, String check, String message) {
    findings.add(
        Finding.warning(
            check,
            served.router().definition().origin(),
            "router " + served.router().name(),
            message));
  }
}
