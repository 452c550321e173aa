package dev.postern.verdict;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.postern.routing.Application;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Which application the upstream itself named for each host.
///
/// Verdicts are shared only between hosts bound to the same application, because the configuration
/// may not list every individual application of the upstream. A binding is valid for `cache.ttl`,
/// and only within one generation of the applications.
final class Bindings {
  /// Clients can invent hosts below a catch-all's domain, but those get no allow without a session.
  private static final int MAX_HOSTS = 10_000;

  private final Cache<Place, Bound> bound;
  private final Duration life;

  /// The upstream's name for the application of a host.
  ///
  /// @param slug the application's name at the upstream
  /// @param audience the `aud` of its tokens
  record Group(String slug, String audience) {
    /// A response that names no application, so nothing can be shared.
    static final Group NONE = new Group("", "");
  }

  private record Place(long generation, String application, String host) {}

  /// @param group what the upstream named last
  /// @param since when that check began
  /// @param changed when the upstream last named a different group, or null if it never did
  private record Bound(Group group, Moment since, @Nullable Moment changed) {}

  private record Moment(long nanos, long millis) {}

  /// @param life how long a binding is valid
  /// @param ticker nanoseconds
  /// @param executor runs maintenance
  Bindings(Duration life, LongSupplier ticker, Executor executor) {
    this.life = life;
    bound =
        Caffeine.newBuilder()
            .maximumSize(MAX_HOSTS)
            .expireAfterWrite(life)
            .ticker(ticker::getAsLong)
            .executor(executor)
            .build();
  }

  /// The group that a host is bound to.
  ///
  /// @param host the host as received
  /// @param nanos now, by the ticker
  /// @param millis now, by the wall clock
  /// @return the group, or null if unknown or contradictory
  @Nullable Group of(Application application, String host, long nanos, long millis) {
    Bound known = bound.getIfPresent(place(application, host));
    Moment now = new Moment(nanos, millis);
    return known != null
            && !known.group().equals(Group.NONE)
            && isWithinLife(known.since(), now)
            && !isContested(known, now)
        ? known.group()
        : null;
  }

  private boolean isContested(Bound known, Moment now) {
    return known.changed() != null && isWithinLife(known.changed(), now);
  }

  private boolean isWithinLife(Moment then, Moment now) {
    return now.nanos() - then.nanos() < life.toNanos()
        && now.millis() - then.millis() < life.toMillis();
  }

  /// Records what the upstream named. A host that got two different groups within the life of a
  /// binding is treated as unbound.
  ///
  /// @param host the host as received
  /// @param nanos when the check began, by the ticker
  /// @param millis when the check began, by the wall clock
  /// @return whether the host is bound to the group now
  boolean bind(Application application, String host, Group group, long nanos, long millis) {
    Moment now = new Moment(nanos, millis);
    Bound latest =
        bound.asMap().compute(place(application, host), (_, known) -> bound(known, group, now));
    return !latest.group().equals(Group.NONE) && !isContested(latest, now);
  }

  private static Bound bound(@Nullable Bound known, Group group, Moment now) {
    if (known == null) {
      return new Bound(group, now, group.equals(Group.NONE) ? now : null);
    }
    return new Bound(group, now, known.group().equals(group) ? known.changed() : now);
  }

  private static Place place(Application application, String host) {
    return new Place(application.generation(), application.name(), host);
  }
}
