package dev.postern.routing.source.traefik;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.config.Problem;
import dev.postern.config.ProvidersConfig.TraefikProvider;
import dev.postern.config.Secret;
import dev.postern.config.tls.ClientTls;
import dev.postern.net.Endpoint;
import dev.postern.routing.Routes;
import dev.postern.routing.RoutesListener;
import dev.postern.routing.definition.ApplicationDefinition;
import dev.postern.routing.definition.Claim;
import dev.postern.routing.definition.MiddlewareDefinition;
import dev.postern.routing.definition.ProviderState;
import dev.postern.routing.definition.RouterDefinition;
import dev.postern.routing.pluginoptions.ForwardOptions;
import dev.postern.routing.pluginoptions.ForwardOptionsReader.Known;
import dev.postern.routing.source.ApiPolling;
import dev.postern.rules.RuleSyntax;
import dev.postern.testing.RawHttp;
import dev.postern.testing.RawMessage;
import dev.postern.testing.RawServer;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Interprets responses of the API of Traefik 3.7.15.
class TraefikApiTest {
  private static final Duration TTL = Duration.ofSeconds(60);

  private final List<RawMessage> asked = new CopyOnWriteArrayList<>();
  private String routers = "[]";
  private String middlewares = "[]";
  private final RawServer server =
      RawServer.start((request, connection) -> {
        asked.add(request);
        connection.write(
            request.path().endsWith("/routers") ? answer(routers) : answer(middlewares));
      });

  private static String answer(String json) {
    String body = RawHttp.utf8(json);
    return "HTTP/1.1 200 OK\r\nX-Next-Page: 1\r\nContent-Length: %d\r\n\r\n%s"
        .formatted(body.length(), body);
  }

  @AfterEach
  void close() {
    server.close();
  }

  private ProviderState read(OwnFiles files) throws IOException, InterruptedException {
    BlockingQueue<ProviderState> states = new LinkedBlockingQueue<>();
    Routes routes =
        new Routes(
            TTL,
            InstantSource.system(),
            new RoutesListener() {
              @Override
              public void attempted(ProviderState state) {
                states.add(state);
              }
            });
    TraefikProvider config =
        new TraefikProvider(
            Endpoint.of(server.url() + "/base"),
            Duration.ofHours(1),
            Duration.ofSeconds(20),
            new Secret("Basic dTpw"),
            ClientTls.STANDARD);
    try (ApiPolling polling =
        TraefikApi.start(
            config,
            new Known(TTL, null),
            files,
            new ApiPolling.Setup(routes, System::nanoTime, new Random(1)))) {
      ProviderState state = states.poll(20, TimeUnit.SECONDS);
      assertThat(state).isNotNull();
      assertThat(state.failing()).as("%s", state.problems()).isFalse();
      polling.reload();
      return state;
    }
  }

  private ProviderState read() throws IOException, InterruptedException {
    return read(OwnFiles.NOT_READ);
  }

  @Test
  void lists_areRequestedBelowTheBasePathWithCredentials() throws Exception {
    read();
    assertThat(asked.subList(0, 2))
        .extracting(RawMessage::target)
        .containsExactly(
            "/base/api/http/routers?page=1&per_page=500",
            "/base/api/http/middlewares?page=1&per_page=500");
    assertThat(asked)
        .allSatisfy(request -> assertThat(request.first("Authorization")).isEqualTo("Basic dTpw"));
  }

  @Test
  void router_served_isTakenAsTraefikServesIt() throws Exception {
    routers =
        """
        [{"entryPoints":["web","nope"],"middlewares":["auth@file"],"service":"app",
        "rule":"Host(`a`) \\u0026\\u0026 Path(`/ü`)","ruleSyntax":"v3",
        "priority":9223372036854774807,"tls":{"options":"default"},
        "error":["entryPoint \\"nope\\" doesn't exist"],"status":"warning","using":["web"],
        "name":"app@docker","provider":"docker","priorityStr":"9223372036854774807"}]
        """;
    assertThat(read().snapshot().routers())
        .containsExactly(
            new RouterDefinition(
                "app@docker",
                "Host(`a`) && Path(`/ü`)",
                "v3",
                9223372036854774807L,
                List.of("web"),
                List.of("auth@file"),
                "app",
                true,
                "",
                server.url() + "/base"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"status\":\"disabled\",\"error\":[\"one\",\"two\\u001b\"] | 'one; two\\u001b'",
        "\"status\":\"disabled\"                                    | Traefik has disabled it",
        "\"status\":\"warning\",\"error\":[\"one\"]                 | ''",
        "\"status\":\"enabled\"                                     | ''",
        "\"status\":{}                                              | ''",
      })
  void router_disabled_isRefusedWithTraefiksReasons(String fields, String refused)
      throws Exception {
    routers = "[{\"name\":\"a@file\",\"rule\":\"Host(`a`)\"," + fields + "}]";
    assertThat(read().snapshot().routers())
        .singleElement()
        .extracting(RouterDefinition::refused)
        .isEqualTo(refused);
  }

  @Test
  void router_thatIsNotSupported_isSkippedAndReported() throws Exception {
    routers =
        """
        [{"rule":"Host(`a`)"}, 7,
        {"name":"child@file","rule":"PathPrefix(`/c`)","parentRefs":["parent@file"]},
        {"name":"plain@file","rule":"Host(`a`)","priorityStr":"many","middlewares":["m","n@x"],
        "provider":"file","entryPoints":["web"],"using":null}]
        """;
    ProviderState state = read();
    assertThat(state.snapshot().routers().getFirst())
        .satisfies(child -> {
          assertThat(child.name()).isEqualTo("child@file");
          assertThat(child.refused()).contains("has a parent router");
        });
    assertThat(state.snapshot().routers().subList(1, state.snapshot().routers().size()))
        .singleElement()
        .satisfies(router -> {
          assertThat(router.priority()).isZero();
          assertThat(router.middlewares()).containsExactly("m@file", "n@x");
          assertThat(router.entryPoints()).containsExactly("web");
        });
    assertThat(state.problems())
        .extracting(Problem::message)
        .satisfiesExactly(
            first -> assertThat(first).contains("has no name"),
            second -> assertThat(second).contains("has no name"),
            third -> assertThat(third).contains("has a parent router (parentRefs)"));
  }

  @Test
  void middlewares_haveKindAndQualifiedMembers() throws Exception {
    middlewares =
        """
        [{"chain":{"middlewares":["strip","d@docker"]},"name":"c@file","provider":"file",
        "type":"chain"},
        {"forwardAuth":{"address":"http://x"},"name":"d@docker","provider":"docker",
        "type":"forwardauth"}, {"type":"nameless"}]
        """;
    assertThat(read().snapshot().middlewares())
        .containsExactly(
            new MiddlewareDefinition("c@file", "chain", List.of("strip@file", "d@docker")),
            new MiddlewareDefinition("d@docker", "forwardauth", List.of()));
  }

  /// The form in which
  /// `traefik.http.middlewares.postern.plugin.postern.applications.NAME.kind=individual` and
  /// similar labels arrive.
  @Test
  void labels_ofAContainer_areAnApplication() throws Exception {
    middlewares =
        plugin(
            "docker",
            """
            {"whoami":{"kind":"individual","rule":"Host(`whoami.domain.tld`)","ttl":"30s",
            "priority":"5","rulesyntax":"v2","slug":"who"}}
            """);
    ProviderState state = read();
    assertThat(state.problems()).isEmpty();
    assertThat(state.snapshot().applications())
        .containsExactly(
            new ApplicationDefinition(
                "whoami",
                ApplicationDefinition.Kind.INDIVIDUAL,
                new Claim.Matching("Host(`whoami.domain.tld`)", RuleSyntax.V2),
                5,
                Duration.ofSeconds(30),
                "who",
                "",
                false,
                "Traefik's middleware m@docker"));
  }

  @Test
  void labels_optionsOfAuthentikForward_areReadAndNeverWiden() throws Exception {
    middlewares =
        """
        [{"plugin":{"Authentik-Forward":{"cacheduration":"5m","skippedpaths":"^/open",
        "unauthorizedpaths":"^/api,^/rpc","tls":{"insecureskipverify":"true"}}},
        "name":"m@docker","provider":"docker","type":"authentik-forward"},
        {"plugin":{"postern":{"cacheDuration":"soon"}},"name":"n@docker","provider":"docker"}]
        """;
    ProviderState state = read();
    assertThat(state.snapshot().middlewares())
        .flatExtracting(MiddlewareDefinition::options)
        .containsExactly(
            new ForwardOptions(
                "Traefik's middleware m@docker: plugin.authentik-forward",
                Duration.ofMinutes(5),
                null,
                new ForwardOptions.Paths(List.of("^/api", "^/rpc"), List.of(), 401, 302)),
            new ForwardOptions(
                "Traefik's middleware n@docker: plugin.postern", Duration.ZERO, null, null));
    assertThat(state.problems())
        .extracting(Problem::message)
        .anyMatch(one -> one.contains("would let requests pass without a check"))
        .anyMatch(one -> one.contains("longer than cache.ttl"))
        .anyMatch(one -> one.contains("must not extend Postern's trust"))
        .anyMatch(one -> one.contains("is not a duration"));
  }

  @Test
  void optionsOfAFileThatPosternReadsItself_areNotReadFromTheApi() throws Exception {
    middlewares =
        """
        [{"plugin":{"authentik-forward":{"cacheDuration":"5s"}},"name":"m@file","provider":"file",
        "type":"authentik-forward"}]
        """;
    assertThat(read(OwnFiles.READ).snapshot().middlewares())
        .containsExactly(new MiddlewareDefinition("m@file", "authentik-forward", List.of()));
  }

  private static String plugin(String provider, String applications) {
    return """
    [{"plugin":{"Postern":{"Applications":%s}},"status":"disabled",
    "name":"m@%s","provider":"%s","type":"postern"},
    {"plugin":{"other":{"applications":{"x":{"kind":"individual"}}}},"name":"o@docker"}]
    """
        .formatted(applications, provider, provider);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"a\":{\"kind\":\"catchAll\",\"cookieDomain\":\"domain.tld\"}} | catchAll widens access",
        "{\"a\":{\"kind\":\"individual\",\"rule\":\"Host(`a`)\",\"share\":\"true\"}} | widens"
            + " access",
        "{\"a\":{\"kind\":\"individual\",\"rule\":\"Host(`a`)\",\"ttl\":\"61s\"}} | is longer than"
            + " cache.ttl",
        "{\"a\":{\"kind\":\"individual\",\"rule\":\"Host(\"}} | is wrong at column",
        "{\"a\":{\"kind\":\"individual\",\"rule\":[\"x\"]}} | must be one value",
        "{\"a\":null} | must be a section",
        "[\"a\"] | must be a section with application names",
      })
  void labels_thatWidenOrAreInvalid_areSkippedAndReported(String applications, String sentence)
      throws Exception {
    middlewares = plugin("docker", applications);
    ProviderState state = read(OwnFiles.READ);
    assertThat(state.snapshot().applications()).isEmpty();
    assertThat(state.problems())
        .anySatisfy(problem -> {
          assertThat(problem.path()).startsWith("Traefik's middleware m@docker: applications");
          assertThat(problem.message()).contains(sentence);
        });
  }

  @ParameterizedTest
  @CsvSource({"READ, 0", "NOT_READ, 1"})
  void block_inAFile_isReportedOnceWhenFilesAreReadToo(OwnFiles files, int problems)
      throws Exception {
    middlewares =
        plugin(
            "file",
            """
            {"all":{"kind":"catchAll","cookieDomain":"domain.tld","share":"true"},
            "one":{"kind":"individual","rule":"Host(`a`)"}}
            """);
    ProviderState state = read(files);
    assertThat(state.snapshot().applications())
        .extracting(ApplicationDefinition::name)
        .containsExactly("one");
    assertThat(state.problems().stream().map(Problem::path).distinct()).hasSizeLessThan(3);
    assertThat(state.problems().isEmpty()).isEqualTo(problems == 0);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"application\":{\"a\":{}}} | : application: is not a known setting; known: applications",
        "{\"applications\":{},\"ttl\":\"5m\"} | : ttl: is not a known setting",
        "\"applications\" | : plugin.postern: must be a section with applications",
      })
  void block_withSomethingElse_isReportedUnlessTheFilesAreReadToo(String block, String sentence)
      throws Exception {
    middlewares = list(middleware("m", "docker", block));
    assertThat(read(OwnFiles.READ).problems())
        .singleElement()
        .asString()
        .contains("Traefik's middleware m@docker" + sentence);
    middlewares = list(middleware("m", "file", block));
    assertThat(read(OwnFiles.READ).problems()).isEmpty();
  }

  @Test
  void application_ofTwoContainers_keepsBothLifetimesAndIsReported() throws Exception {
    middlewares = list(middleware("m", "docker", life(30)), middleware("n", "docker", life(5)));
    ProviderState state = read();
    assertThat(state.snapshot().applications())
        .extracting(ApplicationDefinition::ttl)
        .containsExactly(Duration.ofSeconds(30), Duration.ofSeconds(5));
    assertThat(state.problems())
        .singleElement()
        .asString()
        .contains("n@docker: applications.a: is also defined at Traefik's middleware m@docker");
  }

  @Test
  void application_ofAFileAndAContainer_staysWithBothLivesInSilence() throws Exception {
    middlewares = list(middleware("m", "file", life(30)), middleware("n", "docker", life(5)));
    ProviderState state = read(OwnFiles.READ);
    assertThat(state.snapshot().applications()).hasSize(2);
    assertThat(state.problems()).isEmpty();
  }

  private static String list(String... middlewares) {
    return "[" + String.join(",", middlewares) + "]";
  }

  private static String life(int seconds) {
    return """
    {"applications":{"a":{"kind":"individual","rule":"Host(`a`)","ttl":"%ds"}}}
    """
        .formatted(seconds);
  }

  private static String middleware(String name, String provider, String block) {
    return """
    {"plugin":{"postern":%s},"name":"%s@%s","provider":"%s","type":"postern"}
    """
        .formatted(block, name, provider, provider);
  }
}
