package dev.postern.routing;

import dev.postern.config.Problem;
import dev.postern.routing.definition.Provider;
import dev.postern.routing.definition.ProviderState;
import dev.postern.routing.definition.Snapshot;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The current route table. It is rebuilt from the last good load of each source when one of them
/// changes, and replaced as a whole.
public final class Routes {
  private final Map<Provider, ProviderState> states = new EnumMap<>(Provider.class);
  private final Duration ttl;
  private final InstantSource clock;
  private final RoutesListener listener;
  private final Set<Provider> expected = EnumSet.noneOf(Provider.class);
  private boolean awaitsTraefik;
  private RouteTable latest = RouteTable.EMPTY;
  private volatile RouteTable table = RouteTable.EMPTY;

  /// Starts without routers and applications.
  ///
  /// @param ttl `cache.ttl`, an upper limit for sources that may only restrict
  /// @param clock for the load times of sources
  /// @param listener is called for every attempt and every new table
  public Routes(Duration ttl, InstantSource clock, RoutesListener listener) {
    this.ttl = ttl;
    this.clock = clock;
    this.listener = listener;
  }

  /// Disables storing until a source has been loaded once, because that source may set a shorter
  /// lifetime for an application.
  ///
  /// @param provider a configured source
  public synchronized void expect(Provider provider) {
    expected.add(provider);
    show(latest);
  }

  /// Until Traefik's API has been loaded once, blocks without a known user do not change
  /// challenges, because the API may show their users.
  public synchronized void awaitTraefik() {
    awaitsTraefik = true;
    show(latest);
  }

  private void show(RouteTable next) {
    latest = next;
    RouteTable shown = expected.stream().allMatch(this::isLoaded) ? next : next.storingDisabled();
    table = awaitsTraefik && !isLoaded(Provider.TRAEFIK) ? shown.ofKnownUsers() : shown;
  }

  private boolean isLoaded(Provider provider) {
    return state(provider).loadedAt() != null;
  }

  /// The current table, which is immutable.
  public RouteTable table() {
    return table;
  }

  /// The sources that have been tried, in the order of [Provider].
  public synchronized List<ProviderState> states() {
    return List.copyOf(states.values());
  }

  /// Replaces the data of a source after a successful load.
  ///
  /// @param snapshot everything that the source has
  /// @param leftOut problems with single entries, which are not in the snapshot
  public synchronized void loaded(Provider provider, Snapshot snapshot, List<Problem> leftOut) {
    ProviderState before = state(provider);
    ProviderState after = before.loaded(snapshot, clock.instant(), leftOut);
    boolean isNews = before.loadedAt() == null || !before.snapshot().equals(snapshot);
    // Built before the load counts as successful, so that a failure here is tried again.
    RouteTable next = isNews ? RouteTable.of(snapshotsWith(after), ttl, latest) : latest;
    states.put(provider, after);
    if (isNews) {
      swap(next);
    }
    listener.attempted(after);
  }

  /// Records that a source could not be loaded; its last good data stays in use.
  ///
  /// @param problems the reasons
  public synchronized void failed(Provider provider, List<Problem> problems) {
    ProviderState after = state(provider).failed(problems);
    states.put(provider, after);
    listener.attempted(after);
  }

  private ProviderState state(Provider provider) {
    return states.getOrDefault(provider, ProviderState.untried(provider));
  }

  private Map<Provider, Snapshot> snapshotsWith(ProviderState fresh) {
    Map<Provider, Snapshot> snapshots = new EnumMap<>(Provider.class);
    states.forEach((provider, state) -> {
      if (state.loadedAt() != null) {
        snapshots.put(provider, state.snapshot());
      }
    });
    snapshots.put(fresh.provider(), fresh.snapshot());
    return snapshots;
  }

  private void swap(RouteTable next) {
    RouteTable before = latest;
    show(next);
    // After the swap, so that entries revoked now cannot be stored again by means of the old table.
    listener.swapped(next, before.generation() != next.generation());
  }
}
