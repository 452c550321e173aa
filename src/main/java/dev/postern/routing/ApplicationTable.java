package dev.postern.routing;

import dev.postern.routing.Application.Policy;
import dev.postern.routing.RouteTable.Listed;
import dev.postern.routing.definition.Claim;
import dev.postern.rules.index.HostBounds;
import dev.postern.rules.index.HostClaim;
import dev.postern.rules.index.HostIndex;
import dev.postern.rules.match.CompiledRule;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// All applications, in the order in which they are tried: individual ones before catch-alls.
///
/// Hosts are compared byte for byte, as the outpost does. A rule may ignore upper case, ports and
/// final dots, an application does not (docs/design/authentik.md section 3). But the restrictions
/// of an application apply to every spelling of its hosts (see [HostSpelling]); otherwise a client
/// could choose a spelling that evades them.
final class ApplicationTable {
  private final long generation;
  private final Individuals individuals;
  private final List<CatchAll> catchAlls;
  private final List<Listed> inOrder;

  /// The individual applications.
  ///
  /// @param byRule those with a rule
  /// @param byHost those with one host
  /// @param known authentik's policy for the application of a host, to restrict those by rule
  /// @param partly hosts of which a rule may match only some requests
  /// @param partlyElsewhere rules that may match some requests to any host
  record Individuals(
      HostIndex<Listed> byRule,
      Map<String, Listed> byHost,
      Map<String, Policy> known,
      Set<String> partly,
      List<HostClaim> partlyElsewhere) {
    /// Whether some individual application could match any request to a host.
    boolean mayClaim(String host) {
      return byHost.containsKey(host)
          || partly.contains(HostBounds.plain(host))
          || partlyElsewhere.stream().anyMatch(claim -> claim.mayMatch(host));
    }
  }

  /// A catch-all.
  ///
  /// @param rank its rank; higher comes first
  /// @param domain its cookie domain, or empty if it has a rule
  /// @param rule the rule, or null
  /// @param alone the same application without sharing
  record CatchAll(
      Listed named, long rank, String domain, @Nullable CompiledRule rule, Application alone) {
    boolean claims(RoutedRequest routed, String host) {
      if (rule == null) {
        return isBelow(host);
      }
      var request = routed.request();
      return request != null && rule.matches(request);
    }

    boolean mayClaim(String host) {
      if (rule != null && named.definition().claim() instanceof Claim.Matching(_, var syntax)) {
        return HostClaim.of(rule, syntax).mayMatch(host);
      }
      return isBelow(host);
    }

    private boolean isBelow(String host) {
      return host.equals(domain)
          || (host.endsWith(domain) && host.charAt(host.length() - domain.length() - 1) == '.');
    }
  }

  ApplicationTable(
      long generation, Individuals individuals, List<CatchAll> catchAlls, List<Listed> inOrder) {
    this.generation = generation;
    this.individuals = individuals;
    this.catchAlls = List.copyOf(catchAlls);
    this.inOrder = List.copyOf(inOrder);
  }

  /// All applications in the order in which they are tried; those by host are last among the
  /// individual ones.
  List<Listed> inOrder() {
    return inOrder;
  }

  long generation() {
    return generation;
  }

  Application select(RoutedRequest routed) {
    String host = routed.host();
    if (routed.isPlain()) {
      return selectPlain(routed);
    }
    Listed byHost = individuals.byHost().get(host);
    Application own = byHost == null ? Application.ofHost(host, generation) : byHost.application();
    RoutedRequest plain = routed.plain();
    return plain == routed ? own : own.narrowedBy(plain.host(), selectPlain(plain));
  }

  private Application selectPlain(RoutedRequest routed) {
    String host = routed.host();
    if (inOrder.isEmpty()) {
      return Application.ofHost(host, generation);
    }
    Application chosen = choose(routed, host);
    return routed.isUndecided() ? chosen.undecided(possibleNames(routed, host)) : chosen;
  }

  private Application choose(RoutedRequest routed, String host) {
    Listed byHost = individuals.byHost().get(host);
    Listed byRule = individuals.byRule().first(routed, _ -> true);
    if (byRule != null) {
      return refined(byRule.application(), individuals.known().get(host));
    }
    return byHost != null ? byHost.application() : catchAll(routed, host);
  }

  /// The applications that may claim a request whose rules are not evaluated. A revocation of any
  /// of them must apply to its check.
  private Set<String> possibleNames(RoutedRequest routed, String host) {
    Set<String> names = new HashSet<>(List.of(host));
    individuals
        .byRule()
        .possible(routed.canonicalHost())
        .forEach(one -> names.add(one.application().name()));
    for (CatchAll one : catchAlls) {
      if (one.rule() != null || one.isBelow(host)) {
        names.add(one.named().application().name());
      }
    }
    return names;
  }

  private Application catchAll(RoutedRequest routed, String host) {
    CatchAll found = null;
    for (CatchAll candidate : catchAlls) {
      if (found != null && found.rank() != candidate.rank()) {
        break;
      }
      if (candidate.claims(routed, host)) {
        if (found != null) {
          // The outpost itself may choose either (docs/design/authentik.md section 3).
          return found.alone();
        }
        found = candidate;
      }
    }
    if (found == null) {
      return Application.ofHost(host, generation);
    }
    Application application = found.named().application();
    return application.policy().shared() && individuals.mayClaim(host)
        ? found.alone()
        : application;
  }

  private static Application refined(Application application, @Nullable Policy known) {
    return known == null
        ? application
        : new Application(
            application.name(),
            true,
            application.generation(),
            Policies.narrowed(application.policy(), known));
  }

  /// Every application that claims a request, in the order in which they are tried.
  List<Listed> claiming(RoutedRequest routed) {
    String host = routed.host();
    List<Listed> found = new ArrayList<>();
    if (routed.isPlain()) {
      for (Listed next = nextByRule(routed, found);
          next != null;
          next = nextByRule(routed, found)) {
        found.add(next);
      }
    }
    Listed byHost = individuals.byHost().get(host);
    if (byHost != null) {
      found.add(byHost);
    }
    if (routed.isPlain()) {
      catchAlls.stream()
          .filter(one -> one.claims(routed, host))
          .map(CatchAll::named)
          .forEach(found::add);
    }
    return found;
  }

  /// Names of the applications whose shared verdicts may be used for a host.
  Set<String> sharedAt(String spelling) {
    String host = HostSpelling.plain(spelling);
    return catchAlls.stream()
        .filter(one -> one.named().application().policy().shared() && one.mayClaim(host))
        .map(one -> one.named().application().name())
        .collect(Collectors.toUnmodifiableSet());
  }

  private @Nullable Listed nextByRule(RoutedRequest routed, List<Listed> found) {
    return individuals.byRule().first(routed, named -> !found.contains(named));
  }
}
