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

/// The present route table, made anew from the last good load of each source whenever one of them
/// changes, and swapped as a whole.
public final class Routes {
  private final Map<Provider, ProviderState> states = new EnumMap<>(Provider.class);
  private final Duration ttl;
  private final InstantSource clock;
  private final RoutesListener listener;
  private final Set<Provider> expected = EnumSet.noneOf(Provider.class);
  private boolean awaitsTraefik;
  private RouteTable latest = RouteTable.EMPTY;
  private volatile RouteTable table = RouteTable.EMPTY;

  /// Begins without routers and applications.
  ///
  /// @param ttl `cache.ttl`, which sources that may only narrow cannot exceed
  /// @param clock tells when a source was loaded
  /// @param listener told of every attempt and every new table
  public Routes(Duration ttl, InstantSource clock, RoutesListener listener) {
    this.ttl = ttl;
    this.clock = clock;
    this.listener = listener;
  }

  /// Lets nothing be remembered until a source has been loaded once: it may say that an application
  /// lives shorter than others, and nobody knows before.
  ///
  /// @param provider a source that is configured
  public synchronized void expect(Provider provider) {
    expected.add(provider);
    show(latest);
  }

  /// Lets blocks without a known user change no challenge until Traefik's API has been loaded once:
  /// it may show who uses them.
  public synchronized void awaitTraefik() {
    awaitsTraefik = true;
    show(latest);
  }

  private void show(RouteTable next) {
    latest = next;
    RouteTable shown = expected.stream().allMatch(this::isLoaded) ? next : next.forgetful();
    table = awaitsTraefik && !isLoaded(Provider.TRAEFIK) ? shown.ofKnownUsers() : shown;
  }

  private boolean isLoaded(Provider provider) {
    return state(provider).loadedAt() != null;
  }

  /// The present table.
  ///
  /// @return a table that never changes
  public RouteTable table() {
    return table;
  }

  /// The sources that have been tried.
  ///
  /// @return one state for each, in the order of [Provider]
  public synchronized List<ProviderState> states() {
    return List.copyOf(states.values());
  }

  /// Takes what a source knows now in place of what it knew before.
  ///
  /// @param provider the source
  /// @param snapshot everything it knows
  /// @param leftOut what was wrong with single parts, which are not in the snapshot
  public synchronized void loaded(Provider provider, Snapshot snapshot, List<Problem> leftOut) {
    ProviderState before = state(provider);
    ProviderState after = before.loaded(snapshot, clock.instant(), leftOut);
    boolean isNews = before.loadedAt() == null || !before.snapshot().equals(snapshot);
    // Made before anything is called good, so that what fails here is tried again.
    RouteTable next = isNews ? RouteTable.of(snapshotsWith(after), ttl, latest) : latest;
    states.put(provider, after);
    if (isNews) {
      swap(next);
    }
    listener.attempted(after);
  }

  /// Takes notice that a source could not be loaded; what it knew before still counts.
  ///
  /// @param provider the source
  /// @param problems why
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
    // After the swap, so that whoever ends entries now ends those of the old table for good.
    listener.swapped(next, before.generation() != next.generation());
  }
}
