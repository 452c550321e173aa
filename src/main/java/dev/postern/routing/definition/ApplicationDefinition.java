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
/// @param priority rank within its kind; 0 stands for the length of the rule or of the domain
/// @param ttl upper bound of an entry's life, or null when nothing is said
/// @param slug what the upstream calls it, or empty when unknown
/// @param audience what its tokens are meant for (authentik's client id), or empty when unknown
/// @param share whether verdicts may be shared across hosts
/// @param origin where it stands, in words: a file with its line, or an address
/// @param details what else its source says of it, for people, in order; when any of it changes,
///   the application is another one, and what was remembered under the former is not used any more
///   (trap 18)
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
  ///
  /// @param name see the record
  /// @param kind see the record
  /// @param claim see the record
  /// @param priority see the record
  /// @param ttl see the record
  /// @param slug see the record
  /// @param audience see the record
  /// @param share see the record
  /// @param origin see the record
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

  /// The same application elsewhere.
  ///
  /// @param place where it stands, in words
  /// @return a definition that differs in nothing else
  public ApplicationDefinition withOrigin(String place) {
    return new ApplicationDefinition(
        name, kind, claim, priority, ttl, slug, audience, share, place, details);
  }

  /// The rank within its kind: the stated priority, else the length of what it claims by.
  ///
  /// @return higher comes first
  public long rank() {
    return switch (claim) {
      case Claim.Matching(String text, _) -> Priorities.effective(priority, text);
      case Claim.OneHost(String host) -> priority != 0 ? priority : host.length();
      case Claim.Domain(String domain) -> priority != 0 ? priority : domain.length();
    };
  }
}
