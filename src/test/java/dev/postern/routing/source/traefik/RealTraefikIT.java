package dev.postern.routing.source.traefik;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.config.Problem;
import dev.postern.config.ProvidersConfig.TraefikProvider;
import dev.postern.config.Secret;
import dev.postern.config.tls.ClientTls;
import dev.postern.net.Endpoint;
import dev.postern.routing.Router;
import dev.postern.routing.Routes;
import dev.postern.routing.RoutesListener;
import dev.postern.routing.definition.ApplicationDefinition;
import dev.postern.routing.definition.MiddlewareDefinition;
import dev.postern.routing.definition.ProviderState;
import dev.postern.routing.definition.RouterDefinition;
import dev.postern.routing.pluginoptions.ForwardOptions;
import dev.postern.routing.pluginoptions.ForwardOptionsReader.Known;
import dev.postern.routing.source.ApiPolling;
import dev.postern.testing.program.NeedsTraefik;
import dev.postern.testing.program.Traefik;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The API of a real Traefik with more routers than fit on two pages.
@NeedsTraefik
class RealTraefikIT {
  private static final Duration TTL = Duration.ofSeconds(60);
  private static final int MANY = 1100;

  @TempDir static Path directory;
  private static Traefik traefik;

  private final BlockingQueue<ProviderState> states = new LinkedBlockingQueue<>();
  private final Routes routes =
      new Routes(
          TTL,
          InstantSource.system(),
          new RoutesListener() {
            @Override
            public void attempted(ProviderState state) {
              states.add(state);
            }
          });

  @BeforeAll
  static void start() {
    traefik = Traefik.startWithErrors(directory, List.of("web", "other"), dynamic());
  }

  @AfterAll
  static void stop() {
    traefik.close();
  }

  private static String dynamic() {
    StringBuilder routers = new StringBuilder();
    for (int i = 0; i < MANY; i++) {
      routers.append(
          "    many-%04d: { rule: \"Host(`h%d.test`)\", service: echo, entryPoints: [web] }%n"
              .formatted(i, i));
    }
    return """
    http:
      routers:
        special: { rule: "Host(`s.test`) && (Path(`/ü<&>'\\"`) || Query(`a`, `b c`))", service: echo, priority: -7, middlewares: [all] }
        foreign: { rule: "Host(`ü.test`)", service: echo }
        highest: { rule: "Host(`a`)", service: echo, priority: 9223372036854774807 }
        above: { rule: "Host(`a`)", service: echo, priority: 9223372036854775000 }
        broken: { rule: "Hots(`a`)", service: echo }
        missing: { rule: "Host(`a`)", service: echo, middlewares: [nowhere] }
        secured: { rule: "Host(`a`)", service: echo, tls: {}, entryPoints: [other, nope] }
        old: { rule: "HostRegexp(`{sub:[a-z]+}.test`)", service: echo, ruleSyntax: v2 }
        guarded-api: { rule: "PathPrefix(`/mounted`)", service: api@internal, entryPoints: [web], middlewares: [unmount, guard] }
    %s\
      services:
        echo: { loadBalancer: { servers: [{ url: "http://127.0.0.1:1" }] } }
      middlewares:
        all: { chain: { middlewares: [auth, strip] } }
        auth: { forwardAuth: { address: "http://127.0.0.1:1" } }
        strip: { stripPrefix: { prefixes: [/x] } }
        unmount: { stripPrefix: { prefixes: [/mounted] } }
        guard: { basicAuth: { users: ["postern:{SHA}qUqP5cyxm6YcTAhz05Hph5gvu9M="] } }
        settings:
          plugin:
            postern:
              cacheDuration: 30s
              applications:
                whoami-individual: { kind: individual, rule: "Host(`w.test`)", ttl: 30, priority: 0, ruleSyntax: v3, slug: whoami }
                everything-else: { kind: catchAll, cookieDomain: test, share: true }
    """
        .formatted(routers);
  }

  private ApiPolling poll(String endpoint, @Nullable Secret authorization) throws IOException {
    TraefikProvider config =
        new TraefikProvider(
            Endpoint.of(endpoint),
            Duration.ofHours(1),
            Duration.ofSeconds(20),
            authorization,
            ClientTls.STANDARD);
    return TraefikApi.start(
        config,
        new Known(TTL, null),
        OwnFiles.NOT_READ,
        new ApiPolling.Setup(routes, System::nanoTime, new Random(1)));
  }

  private ProviderState next() throws InterruptedException {
    ProviderState state = states.poll(60, TimeUnit.SECONDS);
    assertThat(state).as("a report").isNotNull();
    return state;
  }

  private ProviderState read() throws Exception {
    try (ApiPolling polling = poll("http://127.0.0.1:" + traefik.port("traefik"), null)) {
      assertThat(polling).isNotNull();
      return next();
    }
  }

  private static Map<String, RouterDefinition> byName(ProviderState state) {
    return state.snapshot().routers().stream()
        .collect(Collectors.toMap(RouterDefinition::name, Function.identity()));
  }

  private static RouterDefinition named(Map<String, RouterDefinition> byName, String name) {
    return Objects.requireNonNull(byName.get(name), name);
  }

  @Test
  void routers_ofSeveralPages_areAllReadOnce() throws Exception {
    ProviderState state = read();
    Map<String, RouterDefinition> byName = byName(state);
    assertThat(byName).hasSizeGreaterThan(MANY);
    for (int i = 0; i < MANY; i++) {
      assertThat(byName.get("many-%04d@file".formatted(i)))
          .as("router %d", i)
          .extracting(RouterDefinition::rule, RouterDefinition::entryPoints)
          .containsExactly("Host(`h" + i + ".test`)", List.of("web"));
    }
  }

  @Test
  void routers_areTakenAsTraefikServesThem() throws Exception {
    Map<String, RouterDefinition> byName = byName(read());
    RouterDefinition special = named(byName, "special@file");
    assertThat(special.rule())
        .isEqualTo("Host(`s.test`) && (Path(`/ü<&>'\"`) || Query(`a`, `b c`))");
    assertThat(special.priority()).isEqualTo(-7);
    assertThat(special.middlewares()).containsExactly("all@file");
    assertThat(special.entryPoints()).containsExactly("other", "web");
    assertThat(special.refused()).isEmpty();
    assertThat(named(byName, "highest@file").priority()).isEqualTo(9223372036854774807L);
    assertThat(named(byName, "highest@file").refused()).isEmpty();
    assertThat(named(byName, "above@file").refused()).contains("priority 9223372036854775000");
    assertThat(named(byName, "broken@file").refused()).contains("Hots");
    assertThat(named(byName, "missing@file").refused()).contains("nowhere@file");
    assertThat(named(byName, "old@file").ruleSyntax()).isEqualTo("v2");
    assertThat(byName.get("secured@file"))
        .extracting(RouterDefinition::tls, RouterDefinition::entryPoints, RouterDefinition::refused)
        .containsExactly(true, List.of("other"), "");
    assertThat(byName).containsKey("dashboard@internal");
  }

  @Test
  void routers_ofTraefikAndOfPostern_haveTheSamePriorityAndValidity() throws Exception {
    read();
    assertThat(routes.table().routers())
        .hasSizeGreaterThan(MANY)
        .allSatisfy(router -> {
          assertThat(router.rule().invalid().isPresent())
              .as(router.name())
              .isEqualTo(List.of("broken@file", "foreign@file").contains(router.name()));
          if (router.name().startsWith("many-")) {
            assertThat(Router.of(withoutPriority(router)).priority())
                .as(router.name())
                .isEqualTo(router.priority());
          }
        });
  }

  private static RouterDefinition withoutPriority(Router router) {
    RouterDefinition one = router.definition();
    return new RouterDefinition(
        one.name(),
        one.rule(),
        one.ruleSyntax(),
        0,
        one.entryPoints(),
        one.middlewares(),
        one.service(),
        one.tls(),
        one.refused(),
        one.origin());
  }

  @Test
  void middlewares_haveKindAndMembers() throws Exception {
    assertThat(read().snapshot().middlewares())
        .filteredOn(middleware -> middleware.name().endsWith("@file"))
        .extracting(one -> one.name() + " " + one.kind() + " " + one.chain())
        .contains(
            "all@file chain [auth@file, strip@file]",
            "auth@file forwardauth []",
            "settings@file postern []",
            "strip@file stripprefix []");
  }

  @Test
  void options_ofAPluginBlock_areRead() throws Exception {
    assertThat(read().snapshot().middlewares())
        .filteredOn(middleware -> middleware.name().equals("settings@file"))
        .flatExtracting(MiddlewareDefinition::options)
        .containsExactly(
            new ForwardOptions(
                "Traefik's middleware settings@file: plugin.postern",
                Duration.ofSeconds(30),
                null,
                null));
  }

  @Test
  void applications_ofAPluginBlock_areReadAsFarAsTheyNarrow() throws Exception {
    ProviderState state = read();
    assertThat(state.snapshot().applications())
        .singleElement()
        .extracting(
            ApplicationDefinition::name,
            ApplicationDefinition::ttl,
            ApplicationDefinition::slug,
            ApplicationDefinition::share)
        .containsExactly("whoami-individual", Duration.ofSeconds(30), "whoami", false);
    String block = "Traefik's middleware settings@file: ";
    assertThat(state.problems())
        .extracting(Problem::path)
        .containsExactlyInAnyOrder(
            block + "applications.everything-else.kind",
            block + "applications.everything-else.share");
  }

  @Test
  void api_behindBasicAuthAndAPath_isReadWithTheRightCredentialsOnly() throws Exception {
    String endpoint = "http://127.0.0.1:" + traefik.port("web") + "/mounted";
    try (ApiPolling polling = poll(endpoint, basic("postern:test"))) {
      assertThat(polling).isNotNull();
      ProviderState state = next();
      assertThat(state.failing()).as("%s", state.problems()).isFalse();
      assertThat(state.snapshot().routers()).hasSizeGreaterThan(MANY);
    }
    try (ApiPolling polling = poll(endpoint, basic("postern:wrong"))) {
      assertThat(polling).isNotNull();
      assertThat(next().problems())
          .singleElement()
          .asString()
          .contains("refuses the credentials for /api/http/routers")
          .contains("(401); check providers.traefik.username and password");
    }
  }

  @Test
  void endpoint_thatIsNotTheApi_isReported() throws Exception {
    try (ApiPolling polling = poll("http://127.0.0.1:" + traefik.port("web"), null)) {
      assertThat(polling).isNotNull();
      assertThat(next().problems())
          .singleElement()
          .asString()
          .contains("with 404; check that providers.traefik.endpoint leads to Traefik's API");
    }
  }

  private static Secret basic(String pair) {
    return new Secret(
        "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
  }
}
