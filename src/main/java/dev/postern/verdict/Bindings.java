package dev.postern.verdict;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.postern.routing.Application;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The hosts of which the upstream itself has said which application decides them.
///
/// Only between such hosts may a verdict be shared: configuration does not know every individual
/// application that the upstream knows. What is known of a host holds for `cache.ttl`, and within
/// one generation of the applications.
final class Bindings {
  /// Clients can invent hosts below a catch-all's domain, but not have them allowed without a
  /// session.
  private static final int MAX_HOSTS = 10_000;

  private final Cache<Place, Bound> bound;
  private final Duration life;

  /// What the upstream calls the application of a host.
  ///
  /// @param slug the application's name there
  /// @param audience whom its tokens are meant for
  record Group(String slug, String audience) {}

  private record Place(long generation, String application, String host) {}

  private record Bound(Group group, boolean contested, long nanos, long millis) {}

  /// @param life how long it holds
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
  /// @param application the application that the host belongs to
  /// @param host the host as received
  /// @param nanos now, by the ticker
  /// @param millis now, by the wall clock
  /// @return the group, or null when the upstream has to be asked first
  @Nullable Group of(Application application, String host, long nanos, long millis) {
    Bound known = bound.getIfPresent(place(application, host));
    return known != null
            && !known.contested()
            && nanos - known.nanos() < life.toNanos()
            && millis - known.millis() < life.toMillis()
        ? known.group()
        : null;
  }

  /// Takes notice of what the upstream has said. A host for which it says now this, now that, is
  /// bound to neither.
  ///
  /// @param application the application that the host belongs to
  /// @param host the host as received
  /// @param group what the upstream said
  /// @param nanos when it was asked, by the ticker
  /// @param millis when it was asked, by the wall clock
  /// @return whether the host is bound to the group now
  boolean bind(Application application, String host, Group group, long nanos, long millis) {
    Bound now =
        bound
            .asMap()
            .compute(
                place(application, host),
                (place, known) ->
                    new Bound(
                        group,
                        known != null && (known.contested() || !known.group().equals(group)),
                        nanos,
                        millis));
    return !now.contested();
  }

  private static Place place(Application application, String host) {
    return new Place(application.generation(), application.name(), host);
  }
}
