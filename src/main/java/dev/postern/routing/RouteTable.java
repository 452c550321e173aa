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

/// Chooses the application of a forwarded request, and guesses its router.
///
/// A table never changes; a reload makes a new one.
public final class RouteTable {
  /// Without applications and routers: each exact host is an application of its own.
  public static final RouteTable EMPTY = of(Map.of(), Duration.ZERO, 0);

  private final Map<Provider, List<ApplicationDefinition>> definitions;
  private final ApplicationTable applications;
  private final RouterTable routers;

  private final BoundTable bounds;
  private final Duration ttl;
  private final boolean forgetful;

  /// An application that the table can choose.
  ///
  /// @param provider its source
  /// @param definition what its source says
  /// @param application what a question about it is about, before the host narrows it
  public record Listed(
      Provider provider, ApplicationDefinition definition, Application application) {}

  private RouteTable(
      Map<Provider, List<ApplicationDefinition>> definitions,
      ApplicationTable applications,
      RouterTable routers,
      BoundTable bounds,
      Duration ttl,
      boolean forgetful) {
    this.definitions = definitions;
    this.applications = applications;
    this.routers = routers;
    this.bounds = bounds;
    this.ttl = ttl;
    this.forgetful = forgetful;
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

  /// Makes the table that follows another.
  ///
  /// @param snapshots what each source knows; one that has not been loaded yet is absent
  /// @param ttl `cache.ttl`
  /// @param before the table that this one replaces
  /// @return a table of the same generation if its applications are the same
  public static RouteTable of(Map<Provider, Snapshot> snapshots, Duration ttl, RouteTable before) {
    Map<Provider, List<ApplicationDefinition>> definitions = definitions(snapshots);
    boolean isSame = withoutOrigins(definitions).equals(withoutOrigins(before.definitions));
    return of(snapshots, ttl, before.generation() + (isSame ? 0 : 1));
  }

  /// What applications are, whatever the line on which they stand.
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

  /// The same table, by which nothing is remembered.
  RouteTable forgetful() {
    return new RouteTable(definitions, applications, routers, bounds, ttl, true);
  }

  /// The same table while Traefik's API has yet to say who uses a block: a block without a known
  /// user bounds, but takes the login from no page.
  RouteTable ofKnownUsers() {
    return new RouteTable(
        definitions, applications, routers.ofKnownUsers(), bounds, ttl, forgetful);
  }

  /// A number that is another whenever any application is another than before.
  ///
  /// @return the generation of the applications
  public long generation() {
    return applications.generation();
  }

  /// The application that decides a request, with the bounds that options set to its verdicts.
  ///
  /// @param asked a forwarded request
  /// @return its application
  public Application select(RoutedRequest asked) {
    Application application = applications.select(asked);
    if (forgetful) {
      return application.forgotten();
    }
    Duration bound = shortest(asked, bounds::cacheDuration);
    return bound == null ? application : application.bounded(bound, ttl);
  }

  /// How long the check of a request may take, as options say it.
  ///
  /// @param asked a forwarded request
  /// @return the bound, or null when none says it
  public @Nullable Duration timeout(RoutedRequest asked) {
    return shortest(asked, bounds::timeout);
  }

  /// Of a host in another spelling the bound of the plain one counts, too.
  private static @Nullable Duration shortest(
      RoutedRequest asked, Function<RoutedRequest, @Nullable Duration> bound) {
    Duration own = bound.apply(asked);
    RoutedRequest plain = asked.isPlain() ? asked : asked.plain();
    return plain == asked ? own : Policies.shorter(own, bound.apply(plain));
  }

  /// How a challenge is answered, as options say it.
  ///
  /// @param asked a forwarded request
  /// @return the answer, never an allow
  public ChallengeResponse challenge(RoutedRequest asked) {
    return routers.challenge(asked);
  }

  /// Which options apply to a request and what they make of it.
  ///
  /// @param asked a forwarded request
  /// @return whole sentences, none when no options apply
  public List<String> optionReasons(RoutedRequest asked) {
    return Stream.concat(bounds.reasons(asked).stream(), routers.challengeReasons(asked).stream())
        .toList();
  }

  /// The router that a request came through, as far as it can be told from what Traefik forwards.
  ///
  /// @param asked a forwarded request
  /// @return the only candidate, or null
  public @Nullable Router router(RoutedRequest asked) {
    return routers.only(asked);
  }

  /// The applications whose shared verdicts may serve a host, wherever they were earned.
  ///
  /// @param host any text
  /// @return their names
  public Set<String> sharedAt(String host) {
    return applications.sharedAt(host);
  }

  /// Every application that claims a request; the first is the one that decides it.
  ///
  /// @param asked a forwarded request
  /// @return the candidates in order
  public List<Listed> claiming(RoutedRequest asked) {
    return applications.claiming(asked);
  }

  /// Every router whose rule matches a request, in the order in which Traefik asks them.
  ///
  /// @param asked a forwarded request
  /// @return the candidates in order, of all entry points
  public List<Router> matching(RoutedRequest asked) {
    return routers.matching(asked);
  }

  /// All applications in the order in which they are asked.
  ///
  /// @return individual ones before catch-alls
  public List<Listed> applications() {
    return applications.inOrder();
  }

  /// All routers, those too that Traefik does not serve.
  ///
  /// @return in the order in which they are asked
  public List<Router> routers() {
    return routers.inOrder();
  }
}
