package dev.postern.routing;

import static dev.postern.routing.Tables.domain;
import static dev.postern.routing.Tables.individual;
import static dev.postern.routing.Tables.shared;
import static dev.postern.routing.Tables.to;
import static dev.postern.routing.Tables.ttl;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.net.HeaderLine;
import dev.postern.routing.definition.MiddlewareDefinition;
import dev.postern.routing.definition.Provider;
import dev.postern.routing.definition.RouterDefinition;
import dev.postern.routing.definition.Snapshot;
import dev.postern.routing.pluginoptions.ChallengeResponse;
import dev.postern.routing.pluginoptions.ForwardOptions;
import dev.postern.routing.pluginoptions.ForwardOptions.Paths;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Requests for which no rules are evaluated, because they are too long (invariants 11 and 12).
class LongRequestTest {
  private static final String LONG = "/api/" + "a/".repeat(9_000);
  private static final RouteTable APPLICATIONS =
      Tables.of(
              Provider.FILE,
              individual("admin", "Host(`app.domain.tld`) && PathRegexp(`^/api/.*/edit$`)"),
              individual("plain", "Host(`plain.domain.tld`)"),
              shared(ttl(50, domain("all", "domain.tld"))))
          .table();

  @ParameterizedTest
  @ValueSource(strings = {"app.domain.tld", "App.domain.tld:8443", "app.domain.tld."})
  void select_ruleNeeded_storesNothingAndEveryNameRevokes(String host) {
    assertThat(APPLICATIONS.select(to(host, "/api/x")).policy().ttl()).isPositive();
    Application application = APPLICATIONS.select(to(host, LONG));
    assertThat(application.policy().ttl()).isZero();
    assertThat(application.policy().shared()).isFalse();
    assertThat(application.alsoRevokedAs()).contains("admin", "all", "app.domain.tld");
  }

  @Test
  void select_hostAloneDecides_isAsEver() {
    assertThat(APPLICATIONS.select(to("plain.domain.tld", LONG)))
        .isEqualTo(APPLICATIONS.select(to("plain.domain.tld")));
    assertThat(RouteTable.EMPTY.select(to("a.test", LONG)).policy())
        .isEqualTo(Application.Policy.NONE);
  }

  @Test
  void select_justShortEnough_isDecidedByItsRule() {
    String uri = "/api/" + "a".repeat(16_000) + "/edit";
    assertThat(APPLICATIONS.select(to("app.domain.tld", uri)).name()).isEqualTo("admin");
  }

  @Test
  void select_longHost_storesNothing() {
    RouteTable table =
        Tables.of(Provider.FILE, individual("any", "HostRegexp(`^(a.)*tld$`)")).table();
    Application application = table.select(to("a.".repeat(9_000) + "tld"));
    assertThat(application.policy().ttl()).isZero();
    assertThat(application.alsoRevokedAs()).contains("any");
  }

  @Test
  void select_longOrManyHeaderValues_storesNothing() {
    RouteTable table =
        Tables.of(Provider.FILE, individual("beta", "HeaderRegexp(`X-Beta`, `(a|b)x$`)")).table();
    HeaderLine one = new HeaderLine("X-Beta", "a".repeat(20_000));
    assertThat(table.select(to("https", "a.test", "/", one)).policy().ttl()).isZero();
    HeaderLine[] many = new HeaderLine[300];
    java.util.Arrays.fill(many, new HeaderLine("X-Beta", "a"));
    assertThat(table.select(to("https", "a.test", "/", many)).policy().ttl()).isZero();
    HeaderLine other = new HeaderLine("X-Other", "a".repeat(20_000));
    HeaderLine match = new HeaderLine("X-Beta", "ax");
    assertThat(table.select(to("https", "a.test", "/", other, match)).name()).isEqualTo("beta");
  }

  private static RouterDefinition router(String name, String rule, String... middlewares) {
    return Tables.through(Tables.router(name, rule), middlewares);
  }

  private static MiddlewareDefinition block(String name, Duration age, Duration time) {
    return new MiddlewareDefinition(
        name,
        "postern",
        List.of(),
        List.of(new ForwardOptions("m", age, time, new Paths(List.of("^/"), List.of(), 401, 303))));
  }

  /// The smallest of all limits, no router, and the upstream's own challenge.
  @Test
  void options_ruleNeeded_areTheMostRestrictive() {
    Snapshot files =
        new Snapshot(
            List.of(
                router("short@file", "Host(`a.test`) && PathRegexp(`/edit$`)", "short@file"),
                router("long@file", "Host(`a.test`)", "long@file")),
            List.of(
                block("short@file", Duration.ofSeconds(2), Duration.ofSeconds(1)),
                block("long@file", Duration.ofSeconds(30), Duration.ofSeconds(9))),
            List.of());
    RouteTable table =
        RouteTable.of(
            Map.of(Provider.FILE, files, Provider.TRAEFIK, Snapshot.EMPTY),
            Tables.TTL,
            RouteTable.EMPTY);
    RoutedRequest usual = to("a.test", "/x");
    assertThat(table.select(usual).policy().ttl()).isEqualTo(Duration.ofSeconds(30));
    assertThat(table.timeout(usual)).isEqualTo(Duration.ofSeconds(9));
    assertThat(table.challenge(usual)).isEqualTo(new ChallengeResponse.Refused(401));
    assertThat(table.router(usual)).isNotNull();
    RoutedRequest longer = to("a.test", LONG);
    assertThat(table.select(longer).policy().ttl()).isEqualTo(Duration.ofSeconds(2));
    assertThat(table.timeout(longer)).isEqualTo(Duration.ofSeconds(1));
    assertThat(table.challenge(longer)).isEqualTo(ChallengeResponse.UNCHANGED);
    assertThat(table.router(to("a.test", LONG))).isNull();
  }
}
