package dev.postern.routing.source.authentik;

import dev.postern.config.Problem;
import dev.postern.config.key.Words;
import dev.postern.routing.definition.ApplicationDefinition;
import dev.postern.routing.definition.ApplicationDefinition.Kind;
import dev.postern.routing.definition.Claim;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Derives applications from providers: which hosts an outpost assigns to which provider
/// (docs/design/authentik.md section 3).
///
/// The host of `external_host` has precedence, byte for byte and in any mode; then the longest
/// `cookie_domain`. An outpost also matches a cookie domain without a dot before it. This quirk is
/// not copied: such hosts are applications of their own here, and are never shared.
final class Applications {
  private final List<ProxyProvider> domains;
  private final String origin;
  private final List<Problem> leftOut;
  private final List<ApplicationDefinition> definitions = new ArrayList<>();

  private Applications(List<ProxyProvider> providers, String origin, List<Problem> leftOut) {
    domains =
        providers.stream()
            .filter(provider -> provider.mode() == ProxyProvider.Mode.DOMAIN)
            .toList();
    this.origin = origin;
    this.leftOut = leftOut;
  }

  /// Derives applications.
  ///
  /// @param providers the providers that outposts load
  /// @param origin where they were read
  /// @param leftOut receives problems
  static List<ApplicationDefinition> of(
      List<ProxyProvider> providers, String origin, List<Problem> leftOut) {
    Applications applications = new Applications(providers, origin, leftOut);
    providers.forEach(applications::add);
    return applications.definitions;
  }

  private void add(ProxyProvider provider) {
    String host = host(provider.externalHost());
    String domain = domain(provider);
    boolean hasDomain = provider.mode() == ProxyProvider.Mode.DOMAIN && !domain.isEmpty();
    if (hasDomain) {
      definitions.add(
          definition(provider, provider.slug(), Kind.CATCH_ALL, new Claim.Domain(domain)));
    }
    if (host.isEmpty()) {
      leftOut.add(
          new Problem(
              origin + ": provider " + provider.name(),
              "has the external host "
                  + Words.quote(provider.externalHost())
                  + ", which has no host; correct it in authentik"));
    } else if (!hasDomain) {
      definitions.add(
          definition(provider, provider.slug(), Kind.INDIVIDUAL, new Claim.OneHost(host)));
    } else if (!isOnlyClaim(domain, host)) {
      definitions.add(
          definition(
              provider, provider.slug() + " at " + host, Kind.INDIVIDUAL, new Claim.OneHost(host)));
    }
  }

  /// Whether a host belongs to a cookie domain without being an external host.
  private boolean isOnlyClaim(String domain, String host) {
    List<String> longest =
        domains.stream()
            .map(Applications::domain)
            .filter(one -> isBelow(host, one) && one.length() >= domain.length())
            .toList();
    return longest.equals(List.of(domain));
  }

  private static boolean isBelow(String host, String domain) {
    return !domain.isEmpty() && (host.equals(domain) || host.endsWith("." + domain));
  }

  private ApplicationDefinition definition(
      ProxyProvider provider, String name, Kind kind, Claim claim) {
    return new ApplicationDefinition(
        name,
        kind,
        claim,
        0,
        ttl(provider),
        provider.slug(),
        provider.clientId(),
        false,
        origin,
        provider.details());
  }

  /// No entry outlives its token. An unknown validity is ignored, because the token itself has an
  /// expiry.
  private @Nullable Duration ttl(ProxyProvider provider) {
    Duration ttl = Validity.parse(provider.validity()).orElse(null);
    if (ttl == null && !provider.validity().isEmpty()) {
      Problem problem =
          new Problem(
              origin + ": provider " + provider.name(),
              "has the access token validity "
                  + Words.quote(provider.validity())
                  + ", which is not supported and therefore ignored");
      if (!leftOut.contains(problem)) {
        leftOut.add(problem);
      }
    }
    return ttl;
  }

  private static String domain(ProxyProvider provider) {
    String text = provider.cookieDomain();
    return text.startsWith(".") ? text.substring(1) : text;
  }

  /// Host and port of a URL, byte for byte, because the outpost compares them so.
  private static String host(String address) {
    int begin = address.indexOf("://");
    if (begin < 0) {
      return "";
    }
    String rest = address.substring(begin + 3);
    int end =
        Stream.of('/', '?', '#')
            .mapToInt(rest::indexOf)
            .filter(index -> index >= 0)
            .min()
            .orElse(rest.length());
    String authority = rest.substring(0, end);
    return authority.substring(authority.lastIndexOf('@') + 1);
  }
}
