package dev.postern.routing.definition;

import dev.postern.rules.Priorities;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An application as one source describes it.
///
/// @param name its name, unique within its source
/// @param kind individual or catch-all
/// @param claim which requests belong to it
/// @param priority rank within its kind; 0 means the length of the rule or of the domain
/// @param ttl maximum lifetime of an entry, or null when not set
/// @param slug the upstream's name for it, or empty when unknown
/// @param audience the audience of its tokens (authentik's client id), or empty when unknown
/// @param share whether verdicts may be shared across hosts
/// @param origin where it is defined: a file with its line, or an address
/// @param details further properties for display, in order; if any of them changes, it is another
///   application, and verdicts stored for the old one are not used any more (trap 18)
public record ApplicationDefinition(
    String name,
    Kind kind,
    Claim claim,
    long priority,
    @Nullable Duration ttl,
    String slug,
    String audience,
    boolean share,
    String origin,
    Map<String, String> details) {
  public ApplicationDefinition {
    details = Collections.unmodifiableMap(new LinkedHashMap<>(details));
  }

  /// An application without details.
  public ApplicationDefinition(
      String name,
      Kind kind,
      Claim claim,
      long priority,
      @Nullable Duration ttl,
      String slug,
      String audience,
      boolean share,
      String origin) {
    this(name, kind, claim, priority, ttl, slug, audience, share, origin, Map.of());
  }

  /// What an application is.
  public enum Kind {
    /// A single application (authentik `forward_single`).
    INDIVIDUAL,
    /// All hosts of a domain that no individual application claims (authentik `forward_domain`).
    CATCH_ALL
  }

  /// The same application with another origin.
  public ApplicationDefinition withOrigin(String place) {
    return new ApplicationDefinition(
        name, kind, claim, priority, ttl, slug, audience, share, place, details);
  }

  /// The rank within its kind: the configured priority, otherwise the length of the rule or domain;
  /// higher comes first.
  public long rank() {
    return switch (claim) {
      case Claim.Matching(String text, _) -> Priorities.effective(priority, text);
      case Claim.OneHost(String host) -> priority != 0 ? priority : host.length();
      case Claim.Domain(String domain) -> priority != 0 ? priority : domain.length();
    };
  }
}
