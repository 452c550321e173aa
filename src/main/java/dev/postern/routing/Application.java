package dev.postern.routing;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What the upstream protects as one unit; a verdict applies to exactly one application.
///
/// @param name the name in logs, metrics and revocations. For a host that is not configured: the
///   host itself, byte for byte as received, because the outpost treats another spelling as another
///   application (docs/design/authentik.md section 3)
/// @param configured whether a source defines it
/// @param generation generation of the applications that it was selected from; part of the key, so
///   that no entry stored under one generation is found under another
/// @param policy how its verdicts may be stored
/// @param alsoRevokedAs further names whose revocation ends its verdicts: for a host in another
///   spelling the plain host and the application of the plain host; for a request whose rules were
///   not evaluated (see [RoutedRequest]) every application that may claim it
public record Application(
    String name, boolean configured, long generation, Policy policy, Set<String> alsoRevokedAs) {
  public Application {
    alsoRevokedAs = Set.copyOf(alsoRevokedAs);
  }

  /// An application without further names.
  public Application(String name, boolean configured, long generation, Policy policy) {
    this(name, configured, generation, policy, Set.of());
  }

  /// How the verdicts of an application may be stored.
  ///
  /// @param ttl maximum age of an entry that is used, or null for `cache.ttl`
  /// @param slug the application that the upstream must name in an allow for it to be stored, or
  ///   empty when unknown
  /// @param audience the audience that its tokens must have, or empty when unknown
  /// @param shared whether one verdict may be used for every host that the upstream itself has
  ///   bound to it
  public record Policy(@Nullable Duration ttl, String slug, String audience, boolean shared) {
    /// No restrictions.
    public static final Policy NONE = new Policy(null, "", "", false);
  }

  /// The same application, with storing disabled.
  Application withoutStoring() {
    return new Application(
        name,
        configured,
        generation,
        new Policy(Duration.ZERO, policy.slug(), policy.audience(), false),
        alsoRevokedAs);
  }

  /// The same application for a request that may belong to another one: nothing is stored, and a
  /// revocation of any of the names applies.
  ///
  /// @param names all applications that may claim the request
  Application undecided(Set<String> names) {
    return new Application(
        name,
        configured,
        generation,
        new Policy(Duration.ZERO, policy.slug(), policy.audience(), false),
        names);
  }

  /// The same application with a maximum age for verdicts.
  ///
  /// @param bound the limit; it can only shorten
  /// @param ttl `cache.ttl`, the limit when the application has none
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

  /// The application of a host in another spelling, with the restrictions of the plain spelling's
  /// application. It is never shared.
  ///
  /// @param plainHost the plain spelling of the host
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

  /// The application of a host that is not configured.
  ///
  /// @param host the host as received
  public static Application ofHost(String host, long generation) {
    return new Application(host, false, generation, Policy.NONE);
  }
}
