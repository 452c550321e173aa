package dev.postern.routing;

import dev.postern.routing.definition.ApplicationDefinition;
import dev.postern.routing.definition.Provider;
import dev.postern.routing.definition.Snapshot;
import dev.postern.routing.pluginoptions.ChallengeResponse;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Selects the application of a forwarded request, and guesses its router. Immutable; a reload
/// creates a new table.
public final class RouteTable {
  /// No applications and routers: each exact host is an application of its own.
  public static final RouteTable EMPTY = of(Map.of(), Duration.ZERO, 0);

  private final Map<Provider, List<ApplicationDefinition>> definitions;
  private final ApplicationTable applications;
  private final RouterTable routers;

  private final BoundTable bounds;
  private final Duration ttl;
  private final boolean storingDisabled;

  /// An application that the table can select.
  ///
  /// @param provider its source
  /// @param definition its definition in that source
  /// @param application the result of selecting it, before restrictions of the host
  public record Listed(
      Provider provider, ApplicationDefinition definition, Application application) {}

  private RouteTable(
      Map<Provider, List<ApplicationDefinition>> definitions,
      ApplicationTable applications,
      RouterTable routers,
      BoundTable bounds,
      Duration ttl,
      boolean storingDisabled) {
    this.definitions = definitions;
    this.applications = applications;
    this.routers = routers;
    this.bounds = bounds;
    this.ttl = ttl;
    this.storingDisabled = storingDisabled;
  }

  private static RouteTable of(Map<Provider, Snapshot> snapshots, Duration ttl, long generation) {
    Map<Provider, List<ApplicationDefinition>> definitions = definitions(snapshots);
    return new RouteTable(
        definitions,
        ApplicationTableBuilder.build(definitions, ttl, generation),
        RouterTable.of(snapshots),
        BoundTable.of(snapshots),
        ttl,
        false);
  }

  /// Builds the next table.
  ///
  /// @param snapshots each source's data; a source that has not been loaded yet is absent
  /// @param ttl `cache.ttl`
  /// @param before the table to replace
  /// @return a table with the same generation if the applications are the same
  public static RouteTable of(Map<Provider, Snapshot> snapshots, Duration ttl, RouteTable before) {
    Map<Provider, List<ApplicationDefinition>> definitions = definitions(snapshots);
    boolean isSame = withoutOrigins(definitions).equals(withoutOrigins(before.definitions));
    return of(snapshots, ttl, before.generation() + (isSame ? 0 : 1));
  }

  /// The definitions without their lines, which do not matter for comparing them.
  private static Map<Provider, List<ApplicationDefinition>> withoutOrigins(
      Map<Provider, List<ApplicationDefinition>> definitions) {
    Map<Provider, List<ApplicationDefinition>> bare = new EnumMap<>(Provider.class);
    definitions.forEach((provider, list) ->
        bare.put(provider, list.stream().map(one -> one.withOrigin("")).toList()));
    return bare;
  }

  private static Map<Provider, List<ApplicationDefinition>> definitions(
      Map<Provider, Snapshot> snapshots) {
    Map<Provider, List<ApplicationDefinition>> definitions = new EnumMap<>(Provider.class);
    snapshots.forEach((provider, snapshot) -> {
      if (!snapshot.applications().isEmpty()) {
        definitions.put(provider, snapshot.applications());
      }
    });
    return definitions;
  }

  /// The same table with storing disabled.
  RouteTable storingDisabled() {
    return new RouteTable(definitions, applications, routers, bounds, ttl, true);
  }

  /// The same table while Traefik's API has not been loaded yet: a block without a known user sets
  /// limits, but does not replace a login redirect.
  RouteTable ofKnownUsers() {
    return new RouteTable(
        definitions, applications, routers.ofKnownUsers(), bounds, ttl, storingDisabled);
  }

  /// Changes whenever any application changes.
  public long generation() {
    return applications.generation();
  }

  /// The application of a request, with the limits that options set for its verdicts.
  public Application select(RoutedRequest routed) {
    Application application = applications.select(routed);
    if (storingDisabled) {
      return application.withoutStoring();
    }
    Duration bound = shortest(routed, bounds::cacheDuration);
    return bound == null ? application : application.bounded(bound, ttl);
  }

  /// The timeout that options set for the check of a request, or null when none does.
  public @Nullable Duration timeout(RoutedRequest routed) {
    return shortest(routed, bounds::timeout);
  }

  /// For a host in another spelling the limit of the plain spelling applies, too.
  private static @Nullable Duration shortest(
      RoutedRequest routed, Function<RoutedRequest, @Nullable Duration> bound) {
    Duration own = bound.apply(routed);
    RoutedRequest plain = routed.isPlain() ? routed : routed.plain();
    return plain == routed ? own : Policies.shorter(own, bound.apply(plain));
  }

  /// How options change the response to a challenge; it is never an allow.
  public ChallengeResponse challenge(RoutedRequest routed) {
    return routers.challenge(routed);
  }

  /// Which options apply to a request and what they do, in sentences; empty when no options apply.
  public List<String> optionReasons(RoutedRequest routed) {
    return Stream.concat(bounds.reasons(routed).stream(), routers.challengeReasons(routed).stream())
        .toList();
  }

  /// The router that handled a request, if what Traefik forwards shows it; null when there are
  /// several candidates or none.
  public @Nullable Router router(RoutedRequest routed) {
    return routers.only(routed);
  }

  /// Names of the applications whose shared verdicts may be used for a host, whatever host they
  /// were issued for.
  public Set<String> sharedAt(String host) {
    return applications.sharedAt(host);
  }

  /// Every application that claims a request; the first one decides.
  public List<Listed> claiming(RoutedRequest routed) {
    return applications.claiming(routed);
  }

  /// Every router whose rule matches a request, at any entry point, in Traefik's order.
  public List<Router> matching(RoutedRequest routed) {
    return routers.matching(routed);
  }

  /// All applications in the order in which they are tried; individual ones before catch-alls.
  public List<Listed> applications() {
    return applications.inOrder();
  }

  /// All routers in Traefik's order, including those that Traefik does not serve.
  public List<Router> routers() {
    return routers.inOrder();
  }
}
