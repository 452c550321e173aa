package dev.postern.routing;

import static dev.postern.routing.Tables.TTL;
import static dev.postern.routing.Tables.router;
import static dev.postern.routing.Tables.through;
import static dev.postern.routing.Tables.to;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.net.HeaderLine;
import dev.postern.routing.definition.MiddlewareDefinition;
import dev.postern.routing.definition.Provider;
import dev.postern.routing.definition.RouterDefinition;
import dev.postern.routing.definition.Snapshot;
import dev.postern.rules.Vectors;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/// The router of a request, if it can be determined.
class RouterGuessTest {
  static Stream<JsonNode> vectors() {
    return Vectors.cases("priority", "cases")
        .filter(vector -> {
          List<String> precedence = Vectors.texts(vector.path("providersPrecedence"));
          return precedence.equals(
                  Vectors.texts(Vectors.read("priority").path("defaultPrecedence")))
              || isDecidedByPriority(vector);
        });
  }

  private static boolean isDecidedByPriority(JsonNode vector) {
    List<Long> priorities = priorities(vector);
    return priorities.stream().distinct().count() == priorities.size();
  }

  private static List<Long> priorities(JsonNode vector) {
    return StreamSupport.stream(vector.path("routes").spliterator(), false)
        .map(route -> Router.of(definition(route)).priority())
        .toList();
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void matching_vectorOfTraefik_beginsWithItsRouter(JsonNode vector) {
    List<RouterDefinition> routers = new ArrayList<>();
    vector.path("routes").forEach(route -> routers.add(definition(route)));
    Collections.shuffle(routers, new Random(1));
    RouteTable table = Tables.ofRouters(routers.toArray(RouterDefinition[]::new));
    URI url = URI.create(vector.path("url").asString());
    Router first = table.matching(to("http", url.getHost(), url.getPath())).getFirst();
    assertThat(first.definition().service()).isEqualTo(vector.path("expected").asString());
  }

  private static RouterDefinition definition(JsonNode route) {
    String id = route.path("id").asString();
    String name = route.path("router").asString(id + "@" + route.path("provider").asString());
    String rule = route.path("rule").asString();
    long priority = route.path("priority").asLong();
    return new RouterDefinition(
        name, rule, "", priority, List.of(), List.of(), id, false, "", "vector");
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "none",
      value = {
        "https, a, /,   a@file",
        "wss,   a, /,   a@file",
        "https, A, /,   a@file",
        "https, a:8443, /, a@file",
        "http,  a, /,   none",
        "https, b, /,   b@file",
        "https, b, /x,  none",
        "https, c, /,   c@file",
        "https, c, /x,  none",
        "https, d, /,   none",
        "https, z, /,   none",
      })
  void router_request_isNamedOnlyWhenThereIsOneCandidate(
      String proto, String host, String uri, @Nullable String name) {
    RouteTable table =
        Tables.ofRouters(
            router("a@file", "Host(`a`)", "web", "secure"),
            router("b@file", "Host(`b`)", "web", "secure"),
            router("b-x@file", "Host(`b`) && Path(`/x`)", "web"),
            router("c@file", "Host(`c`)", "web"),
            router("c-x@file", "Host(`c`) && Path(`/x`)"),
            router("d1@file", "Host(`d`)", "web"),
            router("d2@file", "Host(`d`)", "secure"),
            router("bad@file", "Host(`z`", "web"));
    Router found = table.router(to(proto, host, uri));
    assertThat(found == null ? null : found.name()).isEqualTo(name);
  }

  @Test
  void router_higherPriorityAtTheSameEntryPoint_wins() {
    RouteTable table =
        Tables.ofRouters(
            router("short@file", "Host(`a`)", "secure"),
            router("long@file", "Host(`a`) && PathPrefix(`/x`)", "secure"));
    assertThat(nameOf(table.router(to("a", "/x")))).isEqualTo("long@file");
    assertThat(nameOf(table.router(to("a", "/y")))).isEqualTo("short@file");
    assertThat(table.matching(to("a", "/x")))
        .extracting(Router::name)
        .containsExactly("long@file", "short@file");
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "none",
      value = {
        "strip,            none",
        "auth strip,       a@file",
        "strip auth,       none",
        "other strip auth, none",
        "chained,          none",
        "headers auth,     a@file",
        "unknown,          a@file",
        "loop strip,       none",
      })
  void router_anotherMayHaveChangedThePath_isNotNamed(String middlewares, @Nullable String name) {
    List<MiddlewareDefinition> known =
        List.of(
            new MiddlewareDefinition("strip", "stripprefix", List.of()),
            new MiddlewareDefinition("auth", "forwardauth", List.of()),
            new MiddlewareDefinition("other", "forwardauth", List.of()),
            new MiddlewareDefinition("headers", "headers", List.of()),
            new MiddlewareDefinition("loop", "chain", List.of("loop")),
            new MiddlewareDefinition("chained", "chain", List.of("strip", "auth")));
    RouterDefinition changing =
        through(
            router("b@file", "Host(`a`) && PathPrefix(`/b`)", "secure"),
            middlewares.split(" ", -1));
    RouteTable table =
        RouteTable.of(
            Map.of(
                Provider.FILE,
                new Snapshot(
                    List.of(router("a@file", "Host(`a`)", "secure"), changing), known, List.of())),
            TTL,
            RouteTable.EMPTY);
    Router found = table.router(to("a", "/"));
    assertThat(found == null ? null : found.name()).isEqualTo(name);
    Router itself = table.router(to("a", "/b"));
    assertThat(itself == null ? null : itself.name()).isEqualTo("b@file");
  }

  @Test
  void router_blurredByARuleOfTheSecondSyntax_seesTheHostAsReceived() {
    RouterDefinition template =
        new RouterDefinition(
            "t@file",
            "HostRegexp(`{h:\\[::1\\]}`) && PathPrefix(`/b`)",
            "v2",
            1,
            List.of("secure"),
            List.of("strip"),
            "s",
            true,
            "",
            "t");
    RouteTable table =
        RouteTable.of(
            Map.of(
                Provider.FILE,
                new Snapshot(
                    List.of(router("a@file", "PathPrefix(`/`)", "secure"), template),
                    List.of(new MiddlewareDefinition("strip", "stripprefix", List.of())),
                    List.of())),
            TTL,
            RouteTable.EMPTY);
    assertThat(table.router(to("[::1]", "/"))).isNull();
    assertThat(nameOf(table.router(to("a", "/")))).isEqualTo("a@file");
  }

  @Test
  void matching_ruleAboutClientAndHeaders_seesWhatTraefikSaw() {
    RouteTable table =
        Tables.ofRouters(
            router("ip@file", "ClientIP(`10.0.0.0/8`)"),
            router("header@file", "Header(`X-A`, `1`)"),
            router("connection@file", "HeaderRegexp(`Connection`, `.*`)"));
    var request =
        to(
            "https",
            "a",
            "/",
            new HeaderLine("X-Forwarded-For", "1.2.3.4, 10.1.1.1"),
            new HeaderLine("x-a", "1"),
            new HeaderLine("Connection", "keep-alive"));
    assertThat(table.matching(request))
        .extracting(Router::name)
        .containsExactly("ip@file", "header@file");
  }

  @Test
  void routers_ofSeveralSources_areListedOnceAsTraefikServesThem() {
    Snapshot files =
        new Snapshot(
            List.of(router("a@file", "Host(`a`)"), router("bad@file", "Host(`a`")),
            List.of(),
            List.of());
    Snapshot api =
        new Snapshot(
            List.of(router("a@file", "Host(`other`)"), router("d@docker", "Host(`d`)")),
            List.of(),
            List.of());
    RouteTable table =
        RouteTable.of(Map.of(Provider.TRAEFIK, api, Provider.FILE, files), TTL, RouteTable.EMPTY);
    assertThat(table.routers())
        .extracting(Router::name)
        .containsExactlyInAnyOrder("a@file", "bad@file", "d@docker");
    assertThat(table.matching(to("a"))).isEmpty();
    assertThat(table.matching(to("other"))).extracting(Router::name).containsExactly("a@file");
    assertThat(table.routers().stream().filter(one -> !one.refusal().isEmpty()))
        .extracting(Router::refusal)
        .singleElement()
        .asString()
        .startsWith("its rule is wrong at column ");
  }

  @Test
  void router_copiedByAnEntryPoint_doesNotCompeteWithItsCopies() {
    Snapshot files = new Snapshot(List.of(router("a@file", "Host(`a`)")), List.of(), List.of());
    Snapshot api =
        new Snapshot(List.of(router("secure-a@file", "Host(`a`)", "secure")), List.of(), List.of());
    RouteTable table =
        RouteTable.of(Map.of(Provider.TRAEFIK, api, Provider.FILE, files), TTL, RouteTable.EMPTY);
    assertThat(nameOf(table.router(to("a")))).isEqualTo("secure-a@file");
  }

  @ParameterizedTest
  @CsvSource({"dashboard@internal, '', a@file", "dashboard@internal, auth@file, none"})
  void router_ofTraefikItself_competesOnlyIfItUsesForwardAuth(
      String name, String middleware, String expected) {
    RouterDefinition own = router(name, "PathPrefix(`/`)", "traefik");
    RouteTable table =
        Tables.ofRouters(
            router("a@file", "Host(`a`)", "secure"),
            middleware.isEmpty() ? own : through(own, middleware));
    Router found = table.router(to("a"));
    assertThat(found == null ? "none" : found.name()).isEqualTo(expected);
  }

  private static RouterDefinition withoutTls(RouterDefinition router) {
    return new RouterDefinition(
        router.name(),
        router.rule(),
        router.ruleSyntax(),
        router.priority(),
        router.entryPoints(),
        router.middlewares(),
        router.service(),
        false,
        router.refused(),
        router.origin());
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "none",
      value = {
        "https, none.test,     none@file",
        "http,  none.test,     none@file",
        "https, explicit.test, explicit@file",
        "http,  explicit.test, none",
        "https, both.test,     none",
        "http,  both.test,     both-open@file",
        "https, pair.test,     none",
        "http,  pair.test,     pair-http@file",
        "https, apart.test,    none",
      })
  void router_tlsOfTheEntryPointIsNotInFiles_isNamedOnlyIfItIsTheSameEitherWay(
      String proto, String host, @Nullable String name) {
    RouteTable table =
        Tables.ofRouters(
            withoutTls(router("none@file", "Host(`none.test`)", "secure")),
            router("explicit@file", "Host(`explicit.test`)", "secure"),
            router("both@file", "Host(`both.test`)", "secure"),
            withoutTls(router("both-open@file", "Host(`both.test`) && Path(`/`)", "secure")),
            router("pair@file", "Host(`pair.test`)", "secure"),
            withoutTls(router("pair-http@file", "Host(`pair.test`)", "web")),
            router("apart@file", "Host(`apart.test`)", "secure"),
            withoutTls(router("apart-http@file", "Host(`apart.test`)", "other")));
    assertThat(nameOf(table.router(to(proto, host, "/")))).isEqualTo(name);
  }

  @Test
  void router_thatTraefikShowsWithoutTls_servesNoHttps() {
    RouterDefinition plain = withoutTls(router("a@file", "Host(`a`)", "web"));
    RouterDefinition beside = withoutTls(router("b@file", "Host(`b`)", "web"));
    RouteTable table =
        RouteTable.of(
            Map.of(
                Provider.TRAEFIK, new Snapshot(List.of(plain), List.of(), List.of()),
                Provider.FILE, new Snapshot(List.of(plain, beside), List.of(), List.of())),
            TTL,
            RouteTable.EMPTY);
    assertThat(table.router(to("https", "a", "/"))).isNull();
    assertThat(table.router(to("https", "b", "/"))).as("the same entry point").isNull();
    assertThat(nameOf(table.router(to("http", "a", "/")))).isEqualTo("a@file");
  }

  private static @Nullable String nameOf(@Nullable Router router) {
    return router == null ? null : router.name();
  }
}
