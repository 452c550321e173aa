package dev.postern.routing;

import dev.postern.routing.Application.Policy;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How what several sources say about one application becomes one policy: each can only narrow what
/// the first says (invariant 11).
final class Policies {
  private Policies() {}

  /// Narrows a policy.
  ///
  /// @param first what counts
  /// @param other what another source says
  static Policy narrowed(Policy first, Policy other) {
    return new Policy(
        shorter(first.ttl(), other.ttl()),
        first.slug().isEmpty() ? other.slug() : first.slug(),
        first.audience().isEmpty() ? other.audience() : first.audience(),
        first.shared());
  }

  /// The shorter of two lives, of which each may be unknown.
  static @Nullable Duration shorter(@Nullable Duration one, @Nullable Duration other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return one.compareTo(other) <= 0 ? one : other;
  }
}
