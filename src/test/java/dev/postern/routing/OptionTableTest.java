package dev.postern.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.routing.definition.ApplicationDefinition;
import dev.postern.routing.definition.MiddlewareDefinition;
import dev.postern.routing.definition.Provider;
import dev.postern.routing.definition.RouterDefinition;
import dev.postern.routing.definition.Snapshot;
import dev.postern.routing.pluginoptions.ChallengeResponse;
import dev.postern.routing.pluginoptions.ChallengeResponse.Redirected;
import dev.postern.routing.pluginoptions.ChallengeResponse.Refused;
import dev.postern.routing.pluginoptions.ForwardOptions;
import dev.postern.routing.pluginoptions.ForwardOptions.Paths;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Which options apply to which request, and that they only restrict.
class OptionTableTest {
  private static final Duration TTL = Duration.ofSeconds(60);

  private final Map<Provider, Snapshot> snapshots = new EnumMap<>(Provider.class);

  private static ForwardOptions lasting(int seconds) {
    return new ForwardOptions("m", Duration.ofSeconds(seconds), null, null);
  }

  private static ForwardOptions answering(List<String> unauthorized, List<String> redirect) {
    return new ForwardOptions("m", null, null, new Paths(unauthorized, redirect, 401, 303));
  }

  private static MiddlewareDefinition block(String name, ForwardOptions... options) {
    return new MiddlewareDefinition(name, "authentik-forward", List.of(), List.of(options));
  }

  private static RouterDefinition router(String name, String rule, String... middlewares) {
    return new RouterDefinition(
        name, rule, "", 0, List.of(), List.of(middlewares), "s", true, "", "test");
  }

  private void know(
      Provider provider, List<RouterDefinition> routers, MiddlewareDefinition... middlewares) {
    snapshots.put(provider, new Snapshot(routers, Arrays.asList(middlewares), List.of()));
  }

  private void know(ApplicationDefinition application, MiddlewareDefinition... middlewares) {
    snapshots.put(
        Provider.FILE, new Snapshot(List.of(), Arrays.asList(middlewares), List.of(application)));
  }

  private RouteTable table() {
    return RouteTable.of(snapshots, TTL, RouteTable.EMPTY);
  }

  private @Nullable Duration life(String host, String uri) {
    return table().select(to(host, uri)).policy().ttl();
  }

  private ChallengeResponse challenge(String host, String uri) {
    return table().challenge(to(host, uri));
  }

  private static RoutedRequest to(String host, String uri) {
    return Tables.to(host, uri);
  }

  @Test
  void cacheDuration_ofARouterThatTheApiShowsToo_boundsItsRequestsOnly() {
    know(
        Provider.FILE,
        List.of(router("a@file", "Host(`a`)", "chain@file"), router("b@file", "Host(`b`)")),
        new MiddlewareDefinition("chain@file", "chain", List.of("m@file", "chain@file")),
        block("m@file", lasting(5)));
    know(Provider.TRAEFIK, List.of());
    assertThat(life("a", "/")).isEqualTo(Duration.ofSeconds(5));
    assertThat(life("b", "/")).isNull();
    assertThat(life("c", "/")).as("of a router that nobody knows").isEqualTo(Duration.ofSeconds(5));
    assertThat(table().optionReasons(to("a", "/")))
        .containsExactly(
            "The limits of m (cacheDuration 5s) apply, because router a@file uses them and its rule"
                + " matches.");
    assertThat(table().optionReasons(to("c", "/")))
        .singleElement()
        .asString()
        .contains("no known router's rule matches");
    assertThat(table().optionReasons(to("b", "/"))).isEmpty();
  }

  private static RouterDefinition with(
      RouterDefinition one, long priority, boolean tls, String refused) {
    return new RouterDefinition(
        one.name(),
        one.rule(),
        one.ruleSyntax(),
        priority,
        List.of("secure"),
        one.middlewares(),
        one.service(),
        tls,
        refused,
        one.origin());
  }

  @Test
  void bounds_ofAFileWithoutTheApi_countForRoutersThatOnlyLabelsHave() {
    know(
        Provider.FILE,
        List.of(router("a@file", "Host(`a`)", "m@file"), router("b@file", "Host(`b`)")),
        block(
            "m@file", new ForwardOptions("m", Duration.ofSeconds(5), Duration.ofSeconds(3), null)));
    for (String host : List.of("a", "b", "c")) {
      assertThat(life(host, "/")).as(host).isEqualTo(Duration.ofSeconds(5));
      assertThat(table().timeout(to(host, "/"))).as(host).isEqualTo(Duration.ofSeconds(3));
    }
    assertThat(table().optionReasons(to("b", "/")))
        .contains("A check takes at most 3s (timeout).")
        .anyMatch(it -> it.contains("to every request, because only Traefik's API lists"));
  }

  /// On an entry point with TLS a redirect to https does nothing, but is common in chains.
  @Test
  void cacheDuration_ofARouterThatRedirectsToHttps_countsOverHttps() {
    know(
        Provider.FILE,
        List.of(
            with(router("a@file", "Host(`a`)", "to-https@file", "m@file"), 0, false, ""),
            with(router("b@file", "HostRegexp(`^.*$`)"), 1, true, "")),
        new MiddlewareDefinition("to-https@file", "redirectscheme", List.of()),
        block("m@file", lasting(1)));
    assertThat(table().router(to("a", "/"))).as("no name, as either may have got it").isNull();
    know(Provider.TRAEFIK, List.of());
    assertThat(life("a", "/")).isEqualTo(Duration.ofSeconds(1));
    assertThat(life("b", "/")).isNull();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void cacheDuration_ofTheApi_countsWhateverTlsAndPriority(boolean tls) {
    know(
        Provider.TRAEFIK,
        List.of(
            with(router("a@docker", "Host(`a`)", "m@docker"), 1, tls, ""),
            with(router("first@docker", "Host(`a`)"), 9, true, "")),
        block("m@docker", lasting(5)));
    assertThat(life("a", "/")).isEqualTo(Duration.ofSeconds(5));
  }

  @ParameterizedTest
  @CsvSource({"file, FILE", "docker, TRAEFIK"})
  void cacheDuration_withAUserThatIsNotServed_boundsEverything(String of, Provider source) {
    know(Provider.TRAEFIK, List.of());
    RouterDefinition child = router("child@" + of, "Host(`a`)", "m@" + of);
    RouterDefinition parent = router("parent@" + of, "Host(`a`)", "m@" + of);
    RouterDefinition other = router("other@" + of, "Host(`b`)");
    know(
        source,
        List.of(parent, other, with(child, 0, true, "it has a parent router")),
        block("m@" + of, lasting(5)));
    assertThat(life("b", "/")).isEqualTo(Duration.ofSeconds(5));
    assertThat(table().optionReasons(to("b", "/")))
        .anyMatch(it -> it.contains("router child@" + of + " uses them: it has a parent"));
    know(source, List.of(parent, other), block("m@" + of, lasting(5)));
    assertThat(life("b", "/")).as("only the parent uses it").isNull();
  }

  @Test
  void cacheDuration_ofARouterWhoseRuleCannotBeRun_boundsEverything() {
    know(Provider.TRAEFIK, List.of());
    know(
        Provider.FILE,
        List.of(router("odd@file", "HostRegexp(`[`)", "m@file"), router("b@file", "Host(`b`)")),
        block("m@file", lasting(5)));
    assertThat(life("b", "/")).isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void cacheDuration_ofARouterBehindStripPrefix_countsForItsHost() {
    know(Provider.TRAEFIK, List.of());
    know(
        Provider.FILE,
        List.of(
            router("a@file", "Host(`a`)"),
            router("x@file", "Host(`a`) && PathPrefix(`/x`)", "strip@file", "m@file")),
        new MiddlewareDefinition("strip@file", "stripprefix", List.of()),
        block("m@file", lasting(5)));
    assertThat(life("a", "/y")).isEqualTo(Duration.ofSeconds(5));
    assertThat(life("b", "/y")).as("unknown").isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void cacheDuration_ofAFile_countsBeforeTheApiHasSeenIt() {
    RouterDefinition fresh = router("a@file", "Host(`a`)", "m@file");
    know(Provider.FILE, List.of(fresh), block("m@file", lasting(5)));
    know(Provider.TRAEFIK, List.of(router("a@file", "Host(`a`)")), block("m@file"));
    assertThat(life("a", "/")).isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void dashboardOfTraefik_matchesNothingThatIsForwarded() {
    know(
        Provider.FILE,
        List.of(router("a@file", "Host(`a`)", "m@file")),
        block("m@file", lasting(5)));
    know(Provider.TRAEFIK, List.of(router("dashboard@internal", "PathPrefix(`/`)")));
    assertThat(life("c", "/")).isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void cacheDuration_ofAnUnusedBlockOfAFile_limitsEveryRequest() {
    know(Provider.FILE, List.of(), block("m@file", lasting(5)), block("n@file", lasting(7)));
    assertThat(life("a", "/")).isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void cacheDuration_ofAnUnusedBlockOfTheApi_limitsNothing() {
    know(Provider.TRAEFIK, List.of(), block("m@docker", lasting(0)));
    assertThat(life("a", "/")).isNull();
  }

  @Test
  void cacheDuration_longerThanTheTtl_neverLengthens() {
    know(Provider.FILE, List.of(), block("m@file", lasting(600)));
    assertThat(life("a", "/")).isNull();
    know(Provider.FILE, List.of());
    know(
        Provider.TRAEFIK,
        List.of(router("a@docker", "Host(`a`)", "m@docker")),
        block("m@docker", lasting(600)));
    assertThat(life("a", "/")).isNull();
  }

  @ParameterizedTest
  @CsvSource({"20, 20", "40, 30"})
  void cacheDuration_besideTheTtlOfAnApplication_theShorterCounts(int said, int counts) {
    know(Tables.ttl(30, Tables.individual("app", "Host(`a`)")), block("m@file", lasting(said)));
    assertThat(life("a", "/")).isEqualTo(Duration.ofSeconds(counts));
  }

  @Test
  void severalRouters_smallestBoundAndOnlyWhatTheyAgreeOn() {
    know(
        Provider.FILE,
        List.of(
            router("one@file", "Host(`a`)", "m@file"),
            router("strip@file", "Host(`a`) && PathPrefix(`/x`)", "strip@file", "n@file")),
        new MiddlewareDefinition("strip@file", "stripprefix", List.of()),
        block("m@file", lasting(9), answering(List.of("^/"), List.of("^/same"))),
        block("n@file", lasting(4), answering(List.of(), List.of("^/"))));
    assertThat(life("a", "/y")).isEqualTo(Duration.ofSeconds(4));
    assertThat(challenge("a", "/y")).isEqualTo(ChallengeResponse.UNCHANGED);
    assertThat(challenge("a", "/same")).isEqualTo(new Redirected(303));
  }

  @ParameterizedTest
  @CsvSource({
    "/,             none",
    "/api/x,        401",
    "/api/x?y=/app, 401",
    "/%61pi/x,      401",
    "/app/api/x,    303",
    "/tie,          401",
    "/broken%2,     none",
  })
  void challenge_longestPatternDecides(String uri, String expected) {
    ForwardOptions options =
        answering(List.of("^/api/", "/t.e"), List.of("^/app/.*", "/api", "/ti."));
    know(Provider.FILE, List.of(), block("m@file", options));
    ChallengeResponse answer =
        switch (expected) {
          case "401" -> new Refused(401);
          case "303" -> new Redirected(303);
          default -> ChallengeResponse.UNCHANGED;
        };
    assertThat(challenge("a", uri)).isEqualTo(answer);
  }

  /// A backtracking engine would never finish.
  @Test
  @Timeout(60)
  void challenge_patternOfCatastrophicForm_takesLinearTime() {
    know(Provider.FILE, List.of(), block("m@file", answering(List.of("^/(a+)+$"), List.of())));
    assertThat(challenge("a", "/" + "a".repeat(10_000) + "!"))
        .isEqualTo(ChallengeResponse.UNCHANGED);
    assertThat(challenge("a", "/" + "a".repeat(10_000))).isEqualTo(new Refused(401));
    assertThat(challenge("a", "/" + "a".repeat(20_000))).isEqualTo(ChallengeResponse.UNCHANGED);
  }

  @Test
  void optionsOfAFile_routersOfTheApi_removeNoLimit() {
    know(
        Provider.FILE,
        List.of(router("a@file", "Host(`a`)", "n@file")),
        block("m@file", lasting(9), answering(List.of("^/"), List.of())),
        block("n@file", lasting(5)));
    know(
        Provider.TRAEFIK,
        List.of(
            router("taker@docker", "Host(`a`) || Host(`a.longer.rule`)"),
            router("user@docker", "Host(`b`)", "m@file"),
            router("other@docker", "Host(`c`)")),
        block("m@file"));
    assertThat(life("a", "/")).as("another router wins now").isEqualTo(Duration.ofSeconds(5));
    assertThat(life("c", "/")).as("used elsewhere now").isEqualTo(Duration.ofSeconds(9));
    assertThat(challenge("b", "/")).isEqualTo(new Refused(401));
    assertThat(challenge("c", "/")).isEqualTo(ChallengeResponse.UNCHANGED);
  }

  @Test
  void timeout_smallestCounts() {
    know(
        Provider.FILE,
        List.of(),
        block("m@file", new ForwardOptions("m", null, Duration.ofSeconds(3), null)),
        block("n@file", new ForwardOptions("n", null, Duration.ofSeconds(2), null)));
    assertThat(table().timeout(to("a", "/"))).isEqualTo(Duration.ofSeconds(2));
  }
}
