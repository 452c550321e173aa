package dev.postern.routing;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What the upstream protects as one unit, and so what one verdict is about.
///
/// @param name what logs, metrics and revocations call it; the host itself, byte for byte as
///   received, for an application that nobody has configured, because to the outpost another
///   spelling is another application (docs/design/authentik.md section 3)
/// @param configured whether a source describes it
/// @param generation the state of the applications that chose it, so that nothing remembered under
///   one state is found by a question of another
/// @param policy what is particular to its verdicts
/// @param alsoRevokedAs further names that revoke what it has allowed: of a host in another
///   spelling the plain host and the application that this one belongs to; where rules are not
///   asked (see [RoutedRequest]) whatever may claim the request
public record Application(
    String name, boolean configured, long generation, Policy policy, Set<String> alsoRevokedAs) {
  public Application {
    alsoRevokedAs = Set.copyOf(alsoRevokedAs);
  }

  /// An application that has no further names.
  ///
  /// @param name what logs, metrics and revocations call it
  /// @param configured whether a source describes it
  /// @param generation the state of the applications that chose it
  /// @param policy what is particular to its verdicts
  public Application(String name, boolean configured, long generation, Policy policy) {
    this(name, configured, generation, policy, Set.of());
  }

  /// What is particular to the verdicts of an application.
  ///
  /// @param ttl how old an entry may be that answers, or null for `cache.ttl`
  /// @param slug what the upstream must call it in an allow that is to be remembered, or empty when
  ///   unknown
  /// @param audience what its tokens must be meant for, or empty when unknown
  /// @param shared whether one verdict may serve every host that the upstream itself has bound to
  ///   it
  public record Policy(@Nullable Duration ttl, String slug, String audience, boolean shared) {
    /// Nothing particular.
    public static final Policy NONE = new Policy(null, "", "", false);
  }

  /// The same application, of which nothing is remembered.
  Application forgotten() {
    return new Application(
        name,
        configured,
        generation,
        new Policy(Duration.ZERO, policy.slug(), policy.audience(), false),
        alsoRevokedAs);
  }

  /// The same application for a request that may belong to another: nothing is remembered, and the
  /// name of each of them revokes.
  ///
  /// @param names what else may claim the request
  Application undecided(Set<String> names) {
    return new Application(
        name,
        configured,
        generation,
        new Policy(Duration.ZERO, policy.slug(), policy.audience(), false),
        names);
  }

  /// The same application, of which no verdict older than a bound answers.
  ///
  /// @param bound the bound, which only shortens
  /// @param ttl `cache.ttl`, which counts where the application says nothing
  Application bounded(Duration bound, Duration ttl) {
    Duration own = policy.ttl() == null ? ttl : policy.ttl();
    return own.compareTo(bound) <= 0
        ? this
        : new Application(
            name,
            configured,
            generation,
            new Policy(bound, policy.slug(), policy.audience(), policy.shared()),
            alsoRevokedAs);
  }

  /// The application of a host in another spelling, narrowed by what the plain spelling belongs to.
  /// It shares nothing.
  ///
  /// @param plainHost the plain spelling of its host
  /// @param plain the application of the plain spelling
  Application narrowedBy(String plainHost, Application plain) {
    Set<String> names = new HashSet<>(plain.alsoRevokedAs());
    names.add(plainHost);
    names.add(plain.name());
    Policy narrowed = Policies.narrowed(policy, plain.policy());
    return new Application(
        name,
        configured,
        generation,
        new Policy(narrowed.ttl(), narrowed.slug(), narrowed.audience(), false),
        names);
  }

  /// The application of a host that nobody has configured.
  ///
  /// @param host the host as received
  /// @param generation the state of the applications that does not know it
  /// @return an application of its own
  public static Application ofHost(String host, long generation) {
    return new Application(host, false, generation, Policy.NONE);
  }
}
