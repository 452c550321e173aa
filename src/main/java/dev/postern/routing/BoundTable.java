package dev.postern.routing;

import dev.postern.config.key.GoDuration;
import dev.postern.routing.definition.Provider;
import dev.postern.routing.definition.Snapshot;
import dev.postern.routing.pluginoptions.ForwardOptions;
import dev.postern.rules.index.HostIndex;
import dev.postern.rules.index.HostIndex.Ruled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The limits that options set for requests: the maximum age of a verdict and the timeout of a
/// check.
///
/// The router of a request is a guess, and a wrong guess must not raise a limit. So the smallest
/// limit applies of every router whose rule matches, whatever its TLS, entry point and priority,
/// and of every block whose users Postern may not all see ([BlockUse]). If no router matches: of
/// every block of a file. If rules are not evaluated (see [RoutedRequest]): of all blocks.
final class BoundTable {
  private final HostIndex<Router> index;
  private final RewritingRouters rewriting;
  private final BlockUse use;
  private final Bound age;
  private final Bound time;

  /// One of the two limits.
  ///
  /// @param byRouter the smallest limit of each router's blocks
  /// @param everywhere the smallest limit that applies to every request
  /// @param ofFiles the smallest limit of all files
  /// @param smallest the smallest limit of all
  private record Bound(
      Map<String, Duration> byRouter,
      @Nullable Duration everywhere,
      @Nullable Duration ofFiles,
      @Nullable Duration smallest) {
    static Bound of(BlockUse use, Function<ForwardOptions, @Nullable Duration> part) {
      Map<String, Duration> byRouter = new HashMap<>();
      use.byRouter()
          .forEach((name, blocks) -> {
            Duration least = least(blocks, part);
            if (least != null) {
              byRouter.put(name, least);
            }
          });
      Duration everywhere = least(use.everywhere().keySet(), part);
      Duration ofFiles = least(use.ofFiles(), part);
      Duration smallest = Policies.shorter(everywhere, ofFiles);
      for (Duration bound : byRouter.values()) {
        smallest = Policies.shorter(smallest, bound);
      }
      return new Bound(byRouter, everywhere, ofFiles, smallest);
    }

    private static @Nullable Duration least(
        Collection<ForwardOptions> blocks, Function<ForwardOptions, @Nullable Duration> part) {
      Duration least = null;
      for (ForwardOptions block : blocks) {
        least = Policies.shorter(least, part.apply(block));
      }
      return least;
    }
  }

  private BoundTable(List<Ruled<Router>> served, RewritingRouters rewriting, BlockUse use) {
    index = HostIndex.of(served);
    this.rewriting = rewriting;
    this.use = use;
    age = Bound.of(use, ForwardOptions::cacheDuration);
    time = Bound.of(use, ForwardOptions::timeout);
  }

  /// Builds the table.
  ///
  /// @param snapshots each source's data; a source that has not been loaded yet is absent
  static BoundTable of(Map<Provider, Snapshot> snapshots) {
    BlockUse use = BlockUse.of(snapshots);
    List<Ruled<Router>> served = new ArrayList<>();
    for (Router router : use.routers()) {
      // Otherwise Traefik's dashboard would match every request.
      if (router.refusal().isEmpty() && !router.isOfTraefikItself()) {
        router.rule().valid().ifPresent(rule -> served.add(new Ruled<>(router, rule)));
      }
    }
    return new BoundTable(served, RewritingRouters.of(served, use.middlewares()), use);
  }

  /// The maximum age of a verdict for a request, or null when no options set it.
  @Nullable Duration cacheDuration(RoutedRequest routed) {
    return least(routed, age);
  }

  /// The timeout of the check of a request, or null when no options set it.
  @Nullable Duration timeout(RoutedRequest routed) {
    return least(routed, time);
  }

  /// Evaluates only the rules of routers that would lower the limit found so far.
  private @Nullable Duration least(RoutedRequest routed, Bound bound) {
    Duration least = bound.everywhere();
    if (!isShorter(bound.smallest(), least)) {
      return least;
    }
    if (routed.isUndecided()) {
      return bound.smallest();
    }
    for (Router next = narrowing(routed, bound, least);
        next != null;
        next = narrowing(routed, bound, least)) {
      least = Policies.shorter(least, bound.byRouter().get(next.name()));
    }
    for (Router router : rewriting.possible(routed.canonicalHost(), routed.host()).toList()) {
      least = Policies.shorter(least, bound.byRouter().get(router.name()));
    }
    boolean unknown = isShorter(bound.ofFiles(), least) && isUnknown(routed);
    if (routed.isUndecided()) {
      return bound.smallest();
    }
    return unknown ? bound.ofFiles() : least;
  }

  private @Nullable Router narrowing(RoutedRequest routed, Bound bound, @Nullable Duration known) {
    return index.first(routed, router -> isShorter(bound.byRouter().get(router.name()), known));
  }

  private static boolean isShorter(@Nullable Duration one, @Nullable Duration other) {
    return one != null && (other == null || one.compareTo(other) < 0);
  }

  private boolean isUnknown(RoutedRequest routed) {
    return index.first(routed, _ -> true) == null
        && rewriting.possible(routed.canonicalHost(), routed.host()).findAny().isEmpty();
  }

  /// Which limits apply to a request and why, in sentences.
  List<String> reasons(RoutedRequest routed) {
    Map<ForwardOptions, String> because = new LinkedHashMap<>();
    use.everywhere().forEach((block, why) -> because.put(block, " to every request, " + why));
    List<String> seen = new ArrayList<>();
    for (Router next = user(routed, seen); next != null; next = user(routed, seen)) {
      seen.add(next.name());
      explain(next, "uses them and its rule matches", because);
    }
    rewriting
        .possible(routed.canonicalHost(), routed.host())
        .forEach(router ->
            explain(router, "uses them and may have changed what its rule matches on", because));
    if (isUnknown(routed)) {
      use.ofFiles()
          .forEach(block -> because.putIfAbsent(block, ", because no known router's rule matches"));
    }
    List<String> reasons = new ArrayList<>();
    because.forEach((block, why) ->
        reasons.add(
            "The limits of " + block.origin() + " (" + values(block) + ") apply" + why + "."));
    Duration timeout = timeout(routed);
    if (timeout != null) {
      reasons.add("A check takes at most " + GoDuration.text(timeout) + " (timeout).");
    }
    return reasons;
  }

  private @Nullable Router user(RoutedRequest routed, List<String> seen) {
    return index.first(
        routed,
        router -> use.byRouter().containsKey(router.name()) && !seen.contains(router.name()));
  }

  private void explain(Router router, String why, Map<ForwardOptions, String> because) {
    use.byRouter()
        .getOrDefault(router.name(), List.of())
        .forEach(
            block -> because.putIfAbsent(block, ", because router " + router.name() + " " + why));
  }

  private static String values(ForwardOptions block) {
    List<String> values = new ArrayList<>();
    if (block.cacheDuration() != null) {
      values.add("cacheDuration " + GoDuration.text(block.cacheDuration()));
    }
    if (block.timeout() != null) {
      values.add("timeout " + GoDuration.text(block.timeout()));
    }
    return String.join(", ", values);
  }
}
