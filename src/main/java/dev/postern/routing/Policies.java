package dev.postern.routing;

import dev.postern.routing.Application.Policy;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Merges the policies of several sources for one application; each source can only restrict what
/// the first one allows (invariant 11).
final class Policies {
  private Policies() {}

  /// Restricts a policy.
  ///
  /// @param first the authoritative policy
  /// @param other another source's policy
  static Policy narrowed(Policy first, Policy other) {
    return new Policy(
        shorter(first.ttl(), other.ttl()),
        first.slug().isEmpty() ? other.slug() : first.slug(),
        first.audience().isEmpty() ? other.audience() : first.audience(),
        first.shared());
  }

  /// The shorter of two durations; null means unknown.
  static @Nullable Duration shorter(@Nullable Duration one, @Nullable Duration other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return one.compareTo(other) <= 0 ? one : other;
  }
}
