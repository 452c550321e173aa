package dev.postern.routing;

import dev.postern.routing.Application.Policy;
import dev.postern.routing.ApplicationTable.CatchAll;
import dev.postern.routing.ApplicationTable.Individuals;
import dev.postern.routing.RouteTable.Listed;
import dev.postern.routing.definition.ApplicationDefinition;
import dev.postern.routing.definition.ApplicationDefinition.Kind;
import dev.postern.routing.definition.Claim;
import dev.postern.routing.definition.Provider;
import dev.postern.rules.RuleSyntax;
import dev.postern.rules.index.HostBounds;
import dev.postern.rules.index.HostClaim;
import dev.postern.rules.index.HostIndex;
import dev.postern.rules.index.HostIndex.Ruled;
import dev.postern.rules.match.CompiledRule;
import dev.postern.rules.match.RuleCompiler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Merges the applications of all sources.
///
/// Files are authoritative. Traefik's API and authentik's API may add applications and restrict
/// those of the files, but never widen them (invariant 11): their applications are never shared,
/// and never live longer than the application whose hosts they take.
final class ApplicationTableBuilder {
  private static final Comparator<Listed> BY_RANK =
      Comparator.<Listed>comparingLong(named -> named.definition().rank())
          .reversed()
          .thenComparing(named -> named.definition().name());

  /// Applications of files first, so that a container label cannot take requests from them.
  private static final Comparator<Listed> FILES_FIRST =
      Comparator.comparing(Listed::provider).thenComparing(BY_RANK);

  private final long generation;
  private final Duration longest;
  private final List<Listed> individuals = new ArrayList<>();
  private final List<Listed> catchAlls = new ArrayList<>();
  private final Map<String, Policy> knownHosts = new HashMap<>();
  private final Map<String, Policy> knownDomains = new HashMap<>();
  private final Set<Claim> known = new HashSet<>();
  private final Set<Claim> contested = new HashSet<>();

  private ApplicationTableBuilder(long generation, Duration longest) {
    this.generation = generation;
    this.longest = longest;
  }

  /// Merges.
  ///
  /// @param definitions the applications of each source
  /// @param ttl `cache.ttl`
  /// @param generation the generation of the result
  static ApplicationTable build(
      Map<Provider, List<ApplicationDefinition>> definitions, Duration ttl, long generation) {
    List<ApplicationDefinition> files = definitions.getOrDefault(Provider.FILE, List.of());
    Duration longest = ttl;
    for (ApplicationDefinition definition : files) {
      Duration own = definition.ttl();
      // No other application can take requests from an individual application of a file.
      boolean canLose = definition.kind() == Kind.CATCH_ALL;
      longest = canLose && own != null && own.compareTo(longest) < 0 ? own : longest;
    }
    var builder = new ApplicationTableBuilder(generation, longest);
    builder.collectPolicies(definitions.getOrDefault(Provider.AUTHENTIK, List.of()));
    builder.addFiles(files, definitions.getOrDefault(Provider.TRAEFIK, List.of()));
    builder.addOthers(Provider.TRAEFIK, definitions);
    builder.addOthers(Provider.AUTHENTIK, definitions);
    return builder.table();
  }

  /// Collects authentik's policies, to restrict the files' applications for the same hosts. Hosts
  /// with two applications are skipped, because the outpost's choice is undefined
  /// (docs/design/authentik.md section 3).
  private void collectPolicies(List<ApplicationDefinition> authentik) {
    for (ApplicationDefinition definition : authentik) {
      if (!known.add(definition.claim())) {
        contested.add(definition.claim());
      }
    }
    for (ApplicationDefinition definition : authentik) {
      if (!contested.contains(definition.claim())) {
        switch (definition.claim()) {
          case Claim.OneHost(String host) -> knownHosts.put(host, policy(definition, false));
          case Claim.Domain(String domain) -> knownDomains.put(domain, policy(definition, false));
          case Claim.Matching _ -> {}
        }
      }
    }
  }

  private void addFiles(
      List<ApplicationDefinition> files, List<ApplicationDefinition> refinements) {
    Map<String, Policy> byName = new LinkedHashMap<>();
    refinements.forEach(
        label -> byName.merge(label.name(), policy(label, false), Policies::narrowed));
    for (ApplicationDefinition definition : files) {
      Policy policy = policy(definition, isShareable(definition));
      Policy refinement = byName.get(definition.name());
      Policy known =
          definition.claim() instanceof Claim.Domain(String domain)
              ? knownDomains.get(domain)
              : null;
      policy = refinement == null ? policy : Policies.narrowed(policy, refinement);
      add(
          Provider.FILE,
          definition,
          definition.name(),
          known == null ? policy : Policies.narrowed(policy, known));
    }
  }

  private boolean isShareable(ApplicationDefinition definition) {
    return definition.share() && !contested.contains(definition.claim());
  }

  private record Place(Kind kind, Claim claim) {
    static Place of(ApplicationDefinition definition) {
      return new Place(definition.kind(), definition.claim());
    }
  }

  /// Adds the applications of a source that may only restrict. If another source uses the same
  /// name, the application is renamed, so that its claim is not lost. A label with the name of a
  /// file's application restricts that one.
  private void addOthers(
      Provider provider, Map<Provider, List<ApplicationDefinition>> definitions) {
    Set<String> names = new HashSet<>();
    Set<String> refined = new HashSet<>();
    Set<Place> places = new HashSet<>();
    Stream.concat(individuals.stream(), catchAlls.stream())
        .forEach(named -> {
          ApplicationDefinition definition = named.definition();
          names.add(named.application().name());
          places.add(Place.of(definition));
          if (named.provider() == Provider.FILE && provider == Provider.TRAEFIK) {
            refined.add(definition.name());
          }
        });
    List<ApplicationDefinition> own = definitions.getOrDefault(provider, List.of());
    Map<Place, Policy> policies = new HashMap<>();
    own.forEach(one -> policies.merge(Place.of(one), narrow(one), Policies::narrowed));
    for (ApplicationDefinition definition : own) {
      Place place = Place.of(definition);
      if (!refined.contains(definition.name()) && places.add(place)) {
        String name = definition.name();
        for (int i = 1; !names.add(name); i++) {
          name = definition.name() + "@" + provider.text() + (i == 1 ? "" : "-" + i);
        }
        add(provider, definition, name, policies.getOrDefault(place, narrow(definition)));
      }
    }
  }

  private Policy narrow(ApplicationDefinition definition) {
    Duration ttl = Policies.shorter(definition.ttl(), longest);
    return contested.contains(definition.claim())
        ? new Policy(ttl, "", "", false)
        : new Policy(ttl, definition.slug(), definition.audience(), false);
  }

  private void add(
      Provider provider, ApplicationDefinition definition, String name, Policy policy) {
    Application application = new Application(name, true, generation, policy);
    List<Listed> kind =
        switch (definition.kind()) {
          case INDIVIDUAL -> individuals;
          case CATCH_ALL -> catchAlls;
        };
    kind.add(new Listed(provider, definition, application));
  }

  private static Policy policy(ApplicationDefinition definition, boolean shared) {
    return new Policy(definition.ttl(), definition.slug(), definition.audience(), shared);
  }

  private ApplicationTable table() {
    individuals.sort(FILES_FIRST);
    catchAlls.sort(BY_RANK);
    return new ApplicationTable(
        generation,
        individuals(),
        catchAlls.stream().flatMap(named -> catchAll(named).stream()).toList(),
        Stream.concat(individuals.stream(), catchAlls.stream()).toList());
  }

  private Individuals individuals() {
    List<Ruled<Listed>> byRule = new ArrayList<>();
    Map<String, Listed> byHost = new HashMap<>();
    Set<String> partly = new HashSet<>();
    List<HostClaim> partlyElsewhere = new ArrayList<>();
    for (Listed named : individuals) {
      switch (named.definition().claim()) {
        case Claim.OneHost(String host) -> byHost.put(host, named);
        case Claim.Domain _ -> throw new IllegalStateException("an individual has no domain");
        case Claim.Matching(String text, RuleSyntax syntax) -> {
          CompiledRule rule = RuleCompiler.compile(text, syntax).valid().orElse(null);
          if (rule != null) {
            byRule.add(new Ruled<>(named, rule));
            HostBounds bounds = HostBounds.of(rule.rule());
            partly.addAll(bounds.hosts());
            if (!bounds.limited()) {
              partlyElsewhere.add(HostClaim.of(rule, syntax));
            }
          }
        }
      }
    }
    return new Individuals(
        HostIndex.of(byRule),
        Map.copyOf(byHost),
        Map.copyOf(knownHosts),
        Set.copyOf(partly),
        List.copyOf(partlyElsewhere));
  }

  private static Optional<CatchAll> catchAll(Listed named) {
    Application application = named.application();
    Policy policy = application.policy();
    Application alone =
        new Application(
            application.name(),
            true,
            application.generation(),
            new Policy(policy.ttl(), policy.slug(), policy.audience(), false));
    long rank = named.definition().rank();
    return switch (named.definition().claim()) {
      case Claim.Domain(String domain) ->
          Optional.of(new CatchAll(named, rank, domain, null, alone));
      case Claim.Matching(String text, RuleSyntax syntax) ->
          RuleCompiler.compile(text, syntax)
              .valid()
              .map(rule -> new CatchAll(named, rank, "", rule, alone));
      case Claim.OneHost(String host) -> throw new IllegalStateException(host);
    };
  }
}
