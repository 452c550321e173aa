package dev.postern.routing.source.authentik;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.config.Problem;
import dev.postern.routing.definition.ApplicationDefinition;
import dev.postern.routing.definition.ApplicationDefinition.Kind;
import dev.postern.routing.definition.Claim;
import dev.postern.routing.source.authentik.ProxyProvider.Mode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Which hosts belong to which provider.
class ApplicationsTest {
  private final List<Problem> leftOut = new ArrayList<>();

  private static ProxyProvider provider(String slug, Mode mode, String host, String domain) {
    return new ProxyProvider(
        slug + " provider", slug, mode, host, domain, "cid-" + slug, "hours=24", Map.of());
  }

  private static ProxyProvider domain(String slug, String host, String domain) {
    return provider(slug, Mode.DOMAIN, host, domain);
  }

  private List<String> claims(ProxyProvider... providers) {
    return Applications.of(List.of(providers), "authentik", leftOut).stream()
        .map(one ->
            one.name()
                + ": "
                + switch (one.claim()) {
                  case Claim.OneHost(String host) -> host;
                  case Claim.Domain(String domain) -> "*." + domain;
                  case Claim.Matching _ -> "a rule";
                })
        .toList();
  }

  @ParameterizedTest
  @CsvSource({
    "https://app.domain.tld, app.domain.tld",
    "https://app.domain.tld/, app.domain.tld",
    "https://app.domain.tld/path?x=http://y/, app.domain.tld",
    "https://app.domain.tld?x, app.domain.tld",
    "https://app.domain.tld#x, app.domain.tld",
    "http://App.Domain.tld:8443, App.Domain.tld:8443",
    "https://app.domain.tld:443, app.domain.tld:443",
    "https://user:pw@app.domain.tld, app.domain.tld",
    "'https://[::1]:9000/', '[::1]:9000'",
  })
  void individual_externalHost_isItsHostByteForByte(String externalHost, String host) {
    assertThat(claims(provider("app", Mode.SINGLE, externalHost, "domain.tld")))
        .containsExactly("app: " + host);
    assertThat(leftOut).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "app.domain.tld", "https://", "https:///path"})
  void individual_withoutHost_isSkippedAndReported(String externalHost) {
    assertThat(claims(provider("app", Mode.SINGLE, externalHost, ""))).isEmpty();
    assertThat(leftOut)
        .singleElement()
        .asString()
        .contains("authentik: provider app provider: has the external host \"" + externalHost);
  }

  @Test
  void individual_definition_hasWhatAVerdictMustSay() {
    assertThat(
            Applications.of(
                List.of(provider("app", Mode.SINGLE, "https://a.test", "")), "here", leftOut))
        .containsExactly(
            new ApplicationDefinition(
                "app",
                Kind.INDIVIDUAL,
                new Claim.OneHost("a.test"),
                0,
                Duration.ofHours(24),
                "app",
                "cid-app",
                false,
                "here"));
  }

  @ParameterizedTest
  @CsvSource({"domain.tld, domain.tld", ".domain.tld, domain.tld", "..domain.tld, .domain.tld"})
  void catchAll_cookieDomain_losesOneLeadingDot(String stored, String claimed) {
    assertThat(claims(domain("all", "https://x.domain.tld", stored))).contains("all: *." + claimed);
  }

  @Test
  void catchAll_externalHostBelowItsDomain_isClaimedByTheDomainAlone() {
    assertThat(
            claims(
                domain("all", "https://auth.domain.tld", "domain.tld"),
                domain("top", "https://domain.tld", "other.domain.tld"),
                domain("self", "https://self.tld", "self.tld")))
        .containsExactly(
            "all: *.domain.tld",
            "top: *.other.domain.tld",
            "top at domain.tld: domain.tld",
            "self: *.self.tld");
  }

  @Test
  void catchAll_externalHostThatWouldFallToAnother_isClaimedToo() {
    assertThat(
            claims(
                domain("short", "https://auth.sub.domain.tld", "domain.tld"),
                domain("long", "https://x.sub.domain.tld", "sub.domain.tld"),
                domain("port", "https://auth.port.tld:8443", "port.tld"),
                domain("evil", "https://evilport.tld", "port2.tld")))
        .containsExactly(
            "short: *.domain.tld",
            "short at auth.sub.domain.tld: auth.sub.domain.tld",
            "long: *.sub.domain.tld",
            "port: *.port.tld",
            "port at auth.port.tld:8443: auth.port.tld:8443",
            "evil: *.port2.tld",
            "evil at evilport.tld: evilport.tld");
  }

  @Test
  void catchAll_sameDomainTwice_leavesTheExternalHostsCertain() {
    assertThat(
            claims(
                domain("one", "https://a.domain.tld", "domain.tld"),
                domain("two", "https://b.domain.tld", ".domain.tld")))
        .containsExactly(
            "one: *.domain.tld",
            "one at a.domain.tld: a.domain.tld",
            "two: *.domain.tld",
            "two at b.domain.tld: b.domain.tld");
  }

  /// The outpost looks for the external host in any mode (docs/design/authentik.md section 3).
  @Test
  void proxied_externalHostBelowACatchAll_isClaimed() {
    assertThat(
            claims(
                domain("all", "https://auth.domain.tld", "domain.tld"),
                provider("proxied", Mode.OTHER, "https://proxied.domain.tld", "domain.tld")))
        .containsExactly("all: *.domain.tld", "proxied: proxied.domain.tld");
  }

  @Test
  void catchAll_withoutCookieDomain_isItsExternalHostOnly() {
    assertThat(claims(domain("all", "https://auth.domain.tld", "")))
        .containsExactly("all: auth.domain.tld");
  }

  @Test
  void validity_thatIsNotSupported_isIgnoredAndReportedOnce() {
    ProxyProvider odd =
        new ProxyProvider(
            "p", "all", Mode.DOMAIN, "https://a.tld:1", "domain.tld", "cid", "soon", Map.of());
    assertThat(Applications.of(List.of(odd), "authentik", leftOut))
        .hasSize(2)
        .allSatisfy(one -> assertThat(one.ttl()).isNull());
    assertThat(leftOut).singleElement().asString().contains("the access token validity \"soon\"");
  }
}
