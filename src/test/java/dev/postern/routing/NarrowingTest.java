package dev.postern.routing;

import static dev.postern.routing.Tables.TTL;
import static dev.postern.routing.Tables.domain;
import static dev.postern.routing.Tables.host;
import static dev.postern.routing.Tables.individual;
import static dev.postern.routing.Tables.priority;
import static dev.postern.routing.Tables.ruled;
import static dev.postern.routing.Tables.shared;
import static dev.postern.routing.Tables.slug;
import static dev.postern.routing.Tables.to;
import static dev.postern.routing.Tables.ttl;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.routing.Application.Policy;
import dev.postern.routing.definition.ApplicationDefinition;
import dev.postern.routing.definition.ApplicationDefinition.Kind;
import dev.postern.routing.definition.Provider;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Traefik's API, labels and authentik's API may only restrict what files define (invariant 11).
class NarrowingTest {
  private static final List<String> HOSTS =
      List.of(
          "app.domain.tld",
          "b.domain.tld",
          "c.in.domain.tld",
          "domain.tld",
          "evildomain.tld",
          "app.domain.tld:80");

  /// A source may take requests for its own application, but their verdicts never live longer and
  /// are never shared more than without that source. An individual application of a file keeps all
  /// its requests.
  @Property(tries = 2000)
  void select_withFurtherSources_neverWidens(
      @ForAll("definitions") List<ApplicationDefinition> files,
      @ForAll("definitions") List<ApplicationDefinition> labels,
      @ForAll("authentik") List<ApplicationDefinition> authentik) {
    RouteTable alone = table(files, List.of(), List.of());
    RouteTable all = table(files, labels, authentik);
    for (String host : HOSTS) {
      for (String uri : List.of("/", "/x")) {
        Application before = alone.select(to(host, uri));
        Application after = all.select(to(host, uri));
        assertThat(life(after)).as(host + uri).isLessThanOrEqualTo(life(before));
        assertThat(before.policy().shared() || !after.policy().shared()).as(host + uri).isTrue();
        String slug = before.policy().slug();
        if (isIndividual(before, files)) {
          assertThat(after.name()).isEqualTo(before.name());
          assertThat(slug.isEmpty() || after.policy().slug().equals(slug)).isTrue();
        }
        if (after.policy().shared()) {
          assertThat(after.name()).as(host + uri).isEqualTo(before.name());
        }
      }
    }
  }

  private static boolean isIndividual(Application one, List<ApplicationDefinition> files) {
    return files.stream()
        .anyMatch(file -> file.name().equals(one.name()) && file.kind() == Kind.INDIVIDUAL);
  }

  private static Duration life(Application application) {
    Duration own = application.policy().ttl();
    return own == null || own.compareTo(TTL) > 0 ? TTL : own;
  }

  @Provide
  Arbitrary<List<ApplicationDefinition>> definitions() {
    Arbitrary<String> rule =
        Arbitraries.of(
            "Host(`app.domain.tld`)",
            "Host(`app.domain.tld`) && Path(`/x`)",
            "HostRegexp(`.+`)",
            "PathPrefix(`/`)",
            "!Host(`b.domain.tld`)",
            "Host(`b.domain.tld`) || Path(`/x`)");
    Arbitrary<ApplicationDefinition> individual =
        Combinators.combine(names(), rule).as(Tables::individual);
    Arbitrary<ApplicationDefinition> byRule =
        Combinators.combine(names(), rule).as((name, r) -> ruled(name, Kind.CATCH_ALL, r));
    return many(Arbitraries.oneOf(individual, byRule, catchAlls()));
  }

  @Provide
  Arbitrary<List<ApplicationDefinition>> authentik() {
    Arbitrary<ApplicationDefinition> one =
        Combinators.combine(names(), Arbitraries.of(HOSTS)).as(Tables::host);
    return many(Arbitraries.oneOf(one, catchAlls()));
  }

  private static Arbitrary<String> names() {
    return Arbitraries.of("a", "b", "c", "d");
  }

  private static Arbitrary<ApplicationDefinition> catchAlls() {
    return Combinators.combine(names(), Arbitraries.of("domain.tld", "in.domain.tld", "tld"))
        .as(Tables::domain);
  }

  private static Arbitrary<List<ApplicationDefinition>> many(
      Arbitrary<ApplicationDefinition> plain) {
    Arbitrary<@Nullable Integer> ttl = Arbitraries.integers().between(0, 90).injectNull(0.4);
    return Combinators.combine(
            plain,
            ttl,
            Arbitraries.integers().between(0, 40),
            Arbitraries.of("", "s", "t"),
            Arbitraries.of(true, false))
        .as((one, seconds, rank, slug, share) -> {
          ApplicationDefinition made =
              slug(slug, priority(rank < 30 ? 0 : rank, ttl(seconds, one)));
          return share && one.kind() == Kind.CATCH_ALL ? shared(made) : made;
        })
        .list()
        .uniqueElements(ApplicationDefinition::name)
        .ofMaxSize(4);
  }

  private static RouteTable table(
      List<ApplicationDefinition> files,
      List<ApplicationDefinition> labels,
      List<ApplicationDefinition> authentik) {
    return Tables.of(Provider.FILE, files.toArray(ApplicationDefinition[]::new))
        .and(Provider.TRAEFIK, labels.toArray(ApplicationDefinition[]::new))
        .and(Provider.AUTHENTIK, authentik.toArray(ApplicationDefinition[]::new))
        .table();
  }

  @ParameterizedTest
  @EnumSource(
      value = Provider.class,
      names = {"TRAEFIK", "AUTHENTIK"})
  void select_shareFromAnApi_isIgnored(Provider provider) {
    RouteTable table = Tables.of(provider, shared(domain("all", "domain.tld"))).table();
    assertThat(table.select(to("a.domain.tld")).policy().shared()).isFalse();
    assertThat(table.select(to("a.domain.tld")).name()).isEqualTo("all");
  }

  @Test
  void select_labelOfAFilesApplication_shortensItsLifeAndNamesWhatIsUnknown() {
    RouteTable table =
        Tables.of(Provider.FILE, ttl(30, individual("app", "Host(`a`)")))
            .and(Provider.TRAEFIK, slug("app-slug", ttl(10, individual("app", "Host(`b`)"))))
            .table();
    assertThat(table.select(to("a")).policy())
        .isEqualTo(new Policy(Duration.ofSeconds(10), "app-slug", "client-of-app-slug", false));
    assertThat(table.select(to("b")).configured()).isFalse();
  }

  @Test
  void select_labelsOfOneName_allNarrow() {
    ApplicationDefinition app = ttl(30, individual("app", "Host(`a`)"));
    RouteTable table =
        Tables.of(Provider.FILE, app).and(Provider.TRAEFIK, ttl(60, app), ttl(5, app)).table();
    assertThat(table.select(to("a")).policy().ttl()).isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void select_hostInAuthentik_refinesTheFilesApplication() {
    RouteTable table =
        Tables.of(Provider.FILE, ttl(30, individual("app", "Host(`a`) || Host(`b`)")))
            .and(Provider.AUTHENTIK, slug("real", ttl(10, host("Real", "a"))))
            .table();
    assertThat(table.select(to("a")).name()).isEqualTo("app");
    assertThat(table.select(to("a")).policy())
        .isEqualTo(new Policy(Duration.ofSeconds(10), "real", "client-of-real", false));
    assertThat(table.select(to("b")).policy().slug()).isEmpty();
  }

  @Test
  void select_domainInAuthentik_refinesTheFilesCatchAllWhichStaysShared() {
    RouteTable table =
        Tables.of(Provider.FILE, shared(domain("all", "domain.tld")))
            .and(Provider.AUTHENTIK, slug("real", domain("Real", "domain.tld")))
            .table();
    assertThat(table.select(to("x.domain.tld")).policy())
        .isEqualTo(new Policy(null, "real", "client-of-real", true));
    assertThat(table.applications()).hasSize(1);
  }

  @Test
  void select_hostThatAuthentikHasTwice_isKnownAsNothing() {
    RouteTable table =
        Tables.of(Provider.FILE, individual("app", "Host(`a`)"))
            .and(Provider.AUTHENTIK, slug("one", host("1", "a")), slug("two", host("2", "a")))
            .table();
    assertThat(table.select(to("a")).policy().slug()).isEmpty();
  }

  @Test
  void select_individualOnlyInAuthentik_isNotSharedWithTheCatchAll() {
    RouteTable table =
        Tables.of(Provider.FILE, shared(domain("all", "domain.tld")))
            .and(Provider.AUTHENTIK, host("secret", "secret.domain.tld"))
            .table();
    assertThat(table.select(to("secret.domain.tld")).name()).isEqualTo("secret");
    assertThat(table.select(to("secret.domain.tld")).policy().shared()).isFalse();
  }

  @Test
  void select_broadLabel_takesNothingFromAFilesIndividual() {
    RouteTable table =
        Tables.of(Provider.FILE, individual("app", "Host(`a`)"))
            .and(Provider.TRAEFIK, priority(9999, individual("evil", "HostRegexp(`.+`)")))
            .table();
    assertThat(table.select(to("a")).name()).isEqualTo("app");
    assertThat(table.select(to("b")).name()).isEqualTo("evil");
    assertThat(table.select(to("b")).policy().ttl()).isEqualTo(TTL);
  }

  @Test
  void select_lifeOfAFilesIndividual_doesNotBindOtherApplications() {
    RouteTable table =
        Tables.of(
                Provider.FILE,
                ttl(0, individual("never", "Host(`never.domain.tld`)")),
                ttl(20, domain("all", "domain.tld")))
            .and(Provider.AUTHENTIK, host("app", "app.domain.tld"))
            .table();
    assertThat(table.select(to("app.domain.tld")).policy().ttl()).isEqualTo(Duration.ofSeconds(20));
  }
}
