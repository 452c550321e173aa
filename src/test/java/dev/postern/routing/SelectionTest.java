package dev.postern.routing;

import static dev.postern.routing.Tables.domain;
import static dev.postern.routing.Tables.host;
import static dev.postern.routing.Tables.individual;
import static dev.postern.routing.Tables.priority;
import static dev.postern.routing.Tables.ruled;
import static dev.postern.routing.Tables.shared;
import static dev.postern.routing.Tables.to;
import static dev.postern.routing.Tables.ttl;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.routing.RouteTable.Listed;
import dev.postern.routing.definition.ApplicationDefinition.Kind;
import dev.postern.routing.definition.Provider;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which application is selected for a request.
class SelectionTest {
  private static final RouteTable TABLE =
      Tables.of(
              Provider.FILE,
              individual("whoami", "Host(`whoami.domain.tld`)"),
              individual("api", "Host(`split.domain.tld`) && PathPrefix(`/api`)"),
              individual("api-admin", "Host(`split.domain.tld`) && PathPrefix(`/api/admin`)"),
              priority(900, individual("first", "Host(`split.domain.tld`) && Path(`/api/first`)")),
              shared(domain("everything", "domain.tld")),
              domain("inner", "in.domain.tld"),
              ruled("by-rule", Kind.CATCH_ALL, "HostRegexp(`^[a-z]+\\.other\\.tld$`)"),
              priority(500, domain("loud", "loud.tld")),
              domain("quiet", "very.loud.tld"))
          .and(
              Provider.AUTHENTIK,
              host("grafana", "grafana.domain.tld"),
              host("Spelled", "App.domain.tld"),
              host("port", "port.domain.tld:8443"))
          .table();

  @ParameterizedTest
  @CsvSource({
    "whoami.domain.tld,        /,                whoami,     true",
    "unknown.domain.tld,       /,                everything, true",
    "domain.tld,               /,                everything, true",
    ".domain.tld,              /,                everything, true",
    "a.b.domain.tld,           /,                everything, true",
    "evildomain.tld,           /,                evildomain.tld, false",
    "domain.tld.evil.tld,      /,                domain.tld.evil.tld, false",
    "in.domain.tld,            /,                inner,      true",
    "a.in.domain.tld,          /,                inner,      true",
    "xin.domain.tld,           /,                everything, true",
    "WHOAMI.domain.tld,        /,                WHOAMI.domain.tld, false",
    "whoami.domain.tld:8443,   /,                whoami.domain.tld:8443, false",
    "whoami.domain.tld.,       /,                whoami.domain.tld., false",
    "[whoami.domain.tld],      /,                [whoami.domain.tld], false",
    "unknown.Domain.tld,       /,                unknown.Domain.tld, false",
    "unknown.domain.tld:443,   /,                unknown.domain.tld:443, false",
    "split.domain.tld,         /,                everything, true",
    "split.domain.tld,         /api/x,           api,        true",
    "split.domain.tld,         /api/admin/x,     api-admin,  true",
    "split.domain.tld,         /api/first,       first,      true",
    "split.domain.tld,         /%2Fapi,          everything, true",
    "split.domain.tld,         /%61pi/x,         api,        true",
    "abc.other.tld,            /,                by-rule,    true",
    "a1.other.tld,             /,                a1.other.tld, false",
    "very.loud.tld,            /,                loud,       true",
    "grafana.domain.tld,       /,                grafana,    true",
    "App.domain.tld,           /,                Spelled,    true",
    "app.domain.tld,           /,                everything, true",
    "port.domain.tld:8443,     /,                port,       true",
    "port.domain.tld,          /,                everything, true",
  })
  void select_hostAndPath_areDecidedBy(String host, String uri, String name, boolean configured) {
    Application application = TABLE.select(to(host, uri));
    assertThat(application.name()).isEqualTo(name);
    assertThat(application.configured()).isEqualTo(configured);
    assertThat(application.generation()).isEqualTo(TABLE.generation());
  }

  @ParameterizedTest
  @CsvSource({
    "unknown.domain.tld, true",
    "domain.tld,         true",
    "split.domain.tld,   false",
    "whoami.domain.tld,  false",
    "in.domain.tld,      false",
    "evildomain.tld,     false",
    "APP.domain.tld,     false",
    "x.domain.tld:8443,  false",
  })
  void select_catchAllWithShare_isSharedOnlyWhereNothingElseMayClaim(String host, boolean shared) {
    assertThat(TABLE.select(to(host, "/other")).policy().shared()).isEqualTo(shared);
  }

  @Test
  void select_individualThatMayClaimAnyHost_leavesNothingToShare() {
    RouteTable table =
        Tables.of(
                Provider.FILE,
                individual("admin", "HostRegexp(`^a`) && PathPrefix(`/admin`)"),
                shared(domain("all", "domain.tld")))
            .table();
    assertThat(table.select(to("a.domain.tld")).policy().shared()).isFalse();
    assertThat(table.select(to("b.domain.tld")).policy().shared()).isTrue();
    assertThat(table.select(to("a.domain.tld", "/admin")).name()).isEqualTo("admin");
  }

  @Test
  void select_pathThatTraefikRefuses_isNotShared() {
    RouteTable table =
        Tables.of(
                Provider.FILE,
                individual("admin", "Host(`a.domain.tld`) && PathPrefix(`/admin`)"),
                shared(domain("all", "domain.tld")))
            .table();
    assertThat(table.select(to("a.domain.tld", "/admin%zz")).policy().shared()).isFalse();
  }

  @Test
  void select_catchAllsOfOneRank_areNotShared() {
    RouteTable table =
        Tables.of(
                Provider.FILE,
                priority(7, shared(domain("b", "domain.tld"))),
                priority(7, shared(domain("a", "in.domain.tld"))))
            .table();
    assertThat(table.select(to("x.in.domain.tld")).policy().shared()).isFalse();
    assertThat(table.select(to("x.domain.tld")).policy().shared()).isTrue();
  }

  @Test
  void select_domainThatAuthentikHasTwice_isNotShared() {
    RouteTable table =
        Tables.of(Provider.FILE, shared(domain("all", "domain.tld")))
            .and(Provider.AUTHENTIK, domain("one", "domain.tld"), domain("two", "domain.tld"))
            .table();
    assertThat(table.select(to("x.domain.tld")).policy().shared()).isFalse();
  }

  @Test
  void select_individualsOfOneRank_areTriedByName() {
    RouteTable table =
        Tables.of(Provider.FILE, individual("b", "Path(`/x`)"), individual("a", "PathRegexp(`x`)"))
            .table();
    assertThat(names(table.claiming(to("h", "/x")))).containsExactly("a", "b");
    table =
        Tables.of(Provider.FILE, individual("b", "Path(`/x`)"), individual("a", "Path(`/x`)"))
            .table();
    assertThat(table.select(to("h", "/x")).name()).isEqualTo("a");
  }

  @Test
  void claiming_request_listsTheDecidingOneFirst() {
    List<Listed> claiming = TABLE.claiming(to("split.domain.tld", "/api/admin"));
    assertThat(names(claiming)).containsExactly("api-admin", "api", "everything");
    assertThat(names(TABLE.claiming(to("a.in.domain.tld")))).containsExactly("inner", "everything");
    assertThat(TABLE.claiming(to("evildomain.tld"))).isEmpty();
  }

  @Test
  void claiming_anyRequest_beginsWithWhatSelects() {
    for (String host : Arrays.asList("whoami.domain.tld", "grafana.domain.tld", "App.domain.tld")) {
      assertThat(names(TABLE.claiming(to(host))).getFirst())
          .isEqualTo(TABLE.select(to(host)).name());
    }
  }

  @Test
  void of_sameApplications_keepsTheGeneration() {
    Tables tables = Tables.of(Provider.FILE, individual("a", "Host(`a`)"));
    RouteTable first = tables.table();
    assertThat(first.generation()).isEqualTo(1);
    assertThat(tables.after(first).generation()).isEqualTo(1);
    var moved = individual("a", "Host(`a`)").withOrigin("elsewhere.yml:9");
    RouteTable second = Tables.of(Provider.FILE, moved).after(first);
    assertThat(second.generation()).isEqualTo(1);
    assertThat(second.select(to("a"))).isEqualTo(first.select(to("a")));
    assertThat(second.applications().getFirst().definition().origin()).isEqualTo("elsewhere.yml:9");
  }

  @Test
  void of_onlyRoutersChanged_keepsTheGeneration() {
    RouteTable before = Tables.ofRouters(Tables.router("a@file", "Host(`a`)"));
    assertThat(before.generation()).isZero();
    assertThat(before.routers()).hasSize(1);
  }

  @Test
  void of_otherApplications_isAnotherGeneration() {
    RouteTable first = Tables.of(Provider.FILE, individual("a", "Host(`a`)")).table();
    List<Tables> others =
        List.of(
            Tables.of(Provider.FILE, individual("b", "Host(`a`)")),
            Tables.of(Provider.FILE, individual("a", "Host(`b`)")),
            Tables.of(Provider.FILE, ttl(5, individual("a", "Host(`a`)"))),
            Tables.of(Provider.TRAEFIK, individual("a", "Host(`a`)")),
            Tables.of(Provider.FILE));
    for (Tables other : others) {
      assertThat(other.after(first).generation()).isEqualTo(2);
    }
  }

  @Test
  void empty_anyRequest_isAnApplicationOfItsOwnHost() {
    assertThat(RouteTable.EMPTY.select(to("some.host")))
        .isEqualTo(Application.ofHost("some.host", 0));
  }

  private static List<String> names(List<Listed> listed) {
    return listed.stream().map(one -> one.application().name()).toList();
  }

  @Test
  void select_labelWithTheNameOfAnotherSource_hidesNoClaim() {
    RouteTable table =
        Tables.of(Provider.FILE, shared(domain("everything", "domain.test")))
            .and(Provider.AUTHENTIK, ttl(5, host("vault", "vault.domain.test")))
            .and(Provider.TRAEFIK, individual("vault", "Host(`harmless.test`)"))
            .table();
    assertThat(table.select(to("vault.domain.test")).policy().shared()).isFalse();
  }

  @Test
  void select_fileWithTheNameOfAnotherSource_hidesNoClaim() {
    RouteTable table =
        Tables.of(
                Provider.FILE,
                shared(domain("everything", "domain.test")),
                individual("vault", "Host(`other.test`)"))
            .and(Provider.AUTHENTIK, ttl(5, host("vault", "vault.domain.test")))
            .table();
    assertThat(table.select(to("vault.domain.test")).policy().shared()).isFalse();
  }

  @Test
  void select_labelsWithOneRule_countTogether() {
    RouteTable table =
        Tables.of(
                Provider.TRAEFIK,
                ttl(30, individual("one", "Host(`a.test`)")),
                ttl(5, individual("other", "Host(`a.test`)")))
            .table();
    assertThat(table.select(to("a.test")).policy().ttl()).isEqualTo(Duration.ofSeconds(5));
  }
}
