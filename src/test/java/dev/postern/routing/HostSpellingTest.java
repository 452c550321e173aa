package dev.postern.routing;

import static dev.postern.routing.Tables.domain;
import static dev.postern.routing.Tables.host;
import static dev.postern.routing.Tables.individual;
import static dev.postern.routing.Tables.shared;
import static dev.postern.routing.Tables.slug;
import static dev.postern.routing.Tables.to;
import static dev.postern.routing.Tables.ttl;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.routing.Application.Policy;
import dev.postern.routing.definition.MiddlewareDefinition;
import dev.postern.routing.definition.Provider;
import dev.postern.routing.definition.RouterDefinition;
import dev.postern.routing.definition.Snapshot;
import dev.postern.routing.pluginoptions.ForwardOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Restrictions of an application apply to every spelling of its host, and no spelling shares
/// stored verdicts of another.
class HostSpellingTest {
  private static final RouteTable TABLE =
      Tables.of(
              Provider.FILE,
              ttl(3, slug("vault-slug", individual("vault", "Host(`vault.domain.tld`)"))),
              shared(ttl(20, domain("everything", "domain.tld"))))
          .and(Provider.AUTHENTIK, host("Vault with a port", "vault.domain.tld:8443"))
          .table();

  @ParameterizedTest
  @CsvSource({
    "vault.domain.tld, vault.domain.tld",
    "VAULT.Domain.TLD, vault.domain.tld",
    "vault.domain.tld., vault.domain.tld",
    "vault.domain.tld:80, vault.domain.tld",
    "VAULT.domain.tld.:8443, vault.domain.tld",
    "[::1]:80, ::1",
    "[::1], ::1",
    "a_b, a_b",
    "vault.domain.tld.., vault.domain.tld.",
    ":80, ''",
    "., ''",
    "'', ''",
  })
  void plain_spelling_isWithoutPortOneDotAndCase(String spelling, String plain) {
    assertThat(HostSpelling.plain(spelling)).isEqualTo(plain);
    assertThat(HostSpelling.isPlain(spelling))
        .isEqualTo(spelling.equals(plain) && !plain.isEmpty());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "VAULT.domain.tld",
        "vault.domain.tld.",
        "vault.domain.tld:80",
        "Vault.domain.tld.:443"
      })
  void select_otherSpelling_isNarrowedLikeThePlainOneAndSharesNothing(String spelling) {
    Application application = TABLE.select(to(spelling));
    assertThat(application.name()).isEqualTo(spelling);
    assertThat(application.configured()).isFalse();
    assertThat(application.policy())
        .isEqualTo(new Policy(Duration.ofSeconds(3), "vault-slug", "client-of-vault-slug", false));
    assertThat(application.alsoRevokedAs()).containsExactlyInAnyOrder("vault", "vault.domain.tld");
  }

  @Test
  void select_otherSpellingOfACatchAllsHost_isNarrowedByItAndNotShared() {
    Application application = TABLE.select(to("Wiki.domain.tld"));
    assertThat(application.policy()).isEqualTo(new Policy(Duration.ofSeconds(20), "", "", false));
    assertThat(application.alsoRevokedAs())
        .containsExactlyInAnyOrder("everything", "wiki.domain.tld");
    assertThat(TABLE.select(to("wiki.domain.tld")).policy().shared()).isTrue();
  }

  @Test
  void select_spellingThatTheIdentityProviderNames_isItsOwnApplicationAndNarrowedAsWell() {
    Application application = TABLE.select(to("vault.domain.tld:8443"));
    assertThat(application.name()).isEqualTo("Vault with a port");
    assertThat(application.configured()).isTrue();
    assertThat(application.policy().ttl()).isEqualTo(Duration.ofSeconds(3));
    assertThat(application.alsoRevokedAs()).contains("vault", "vault.domain.tld");
  }

  @Test
  void select_unknownHost_isRevokedByItsPlainSpelling() {
    Application application = RouteTable.EMPTY.select(to("App.other.tld:80"));
    assertThat(application.name()).isEqualTo("App.other.tld:80");
    assertThat(application.policy()).isEqualTo(Policy.NONE);
    assertThat(application.alsoRevokedAs()).containsExactly("app.other.tld");
    assertThat(RouteTable.EMPTY.select(to("app.other.tld")).alsoRevokedAs()).isEmpty();
    assertThat(RouteTable.EMPTY.select(to(":80")).alsoRevokedAs()).isEmpty();
  }

  /// A `HostRegexp` rule does not ignore a final dot, unlike `Host`.
  @ParameterizedTest
  @ValueSource(strings = {"a.opts.tld", "a.opts.tld.", "A.opts.tld:80", "A.OPTS.tld.:80"})
  void bounds_ofOptions_countForEverySpelling(String spelling) {
    RouteTable table = withOptions();
    assertThat(table.select(to(spelling)).policy().ttl()).isEqualTo(Duration.ofSeconds(4));
    assertThat(table.timeout(to(spelling))).isEqualTo(Duration.ofSeconds(2));
  }

  private static RouteTable withOptions() {
    ForwardOptions options =
        new ForwardOptions("m", Duration.ofSeconds(4), Duration.ofSeconds(2), null);
    RouterDefinition router =
        new RouterDefinition(
            "r@file",
            "HostRegexp(`^[a-z]\\.opts\\.tld$`)",
            "",
            0,
            List.of(),
            List.of("m@file"),
            "s",
            true,
            "",
            "test");
    RouterDefinition other =
        new RouterDefinition(
            "o@file", "HostRegexp(`opts`)", "", 0, List.of(), List.of(), "s", true, "", "test");
    MiddlewareDefinition block =
        new MiddlewareDefinition("m@file", "authentik-forward", List.of(), List.of(options));
    return RouteTable.of(
        Map.of(
            Provider.FILE, new Snapshot(List.of(router, other), List.of(block), List.of()),
            Provider.TRAEFIK, new Snapshot(List.of(router, other), List.of(block), List.of())),
        Tables.TTL,
        RouteTable.EMPTY);
  }

  @Test
  void sharedAt_otherSpelling_isThatOfThePlainHost() {
    assertThat(TABLE.sharedAt("Wiki.domain.tld:80")).isEqualTo(TABLE.sharedAt("wiki.domain.tld"));
    assertThat(TABLE.sharedAt("wiki.domain.tld")).containsExactly("everything");
  }
}
