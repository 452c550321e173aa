package dev.postern.config.load;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.config.AccessLogConfig;
import dev.postern.config.AccessLogConfig.Mode;
import dev.postern.config.AccessLogConfig.StatusRange;
import dev.postern.config.AdminConfig;
import dev.postern.config.CacheConfig;
import dev.postern.config.DataSize;
import dev.postern.config.EffectiveSettings;
import dev.postern.config.EntryPointsConfig;
import dev.postern.config.EntryPointsConfig.AdminEntryPoint;
import dev.postern.config.EntryPointsConfig.AuthEntryPoint;
import dev.postern.config.EntryPointsConfig.AuthsEntryPoint;
import dev.postern.config.EntryPointsConfig.ForwardedHeaders;
import dev.postern.config.EntryPointsConfig.LifeCycle;
import dev.postern.config.EntryPointsConfig.Tls;
import dev.postern.config.FeedsConfig;
import dev.postern.config.FeedsConfig.Websocket;
import dev.postern.config.ListenAddress;
import dev.postern.config.LogConfig;
import dev.postern.config.LoginLimitConfig;
import dev.postern.config.LoginLimitConfig.IpStrategy;
import dev.postern.config.LoginLimitConfig.SourceCriterion;
import dev.postern.config.MetricsConfig;
import dev.postern.config.Problem;
import dev.postern.config.ProvidersConfig;
import dev.postern.config.ProvidersConfig.AuthentikProvider;
import dev.postern.config.ProvidersConfig.DefaultRuleSyntax;
import dev.postern.config.ProvidersConfig.FileProvider;
import dev.postern.config.ProvidersConfig.PathKind;
import dev.postern.config.ProvidersConfig.TraefikProvider;
import dev.postern.config.ResponseConfig;
import dev.postern.config.Secret;
import dev.postern.config.StaticConfig;
import dev.postern.config.UpstreamConfig;
import dev.postern.config.UpstreamConfig.PresetName;
import dev.postern.config.load.StaticConfigLoader.Loaded;
import dev.postern.config.load.StaticConfigLoader.Refused;
import dev.postern.config.load.StaticConfigLoader.Result;
import dev.postern.config.tls.ClientTls;
import dev.postern.net.Endpoint;
import dev.postern.net.HostName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StaticConfigLoaderTest {
  private static final String URL = "--upstream.url=http://outpost:9000";
  private static final LifeCycle STANDARD_LIFE_CYCLE =
      new LifeCycle(Duration.ZERO, Duration.ofSeconds(10));

  @TempDir private Path directory;

  @Test
  void load_onlyTheUrl_givesEveryDefault() {
    assertThat(load(Map.of("HOME", "/home/p"), URL))
        .usingRecursiveComparison()
        .ignoringFields("effective")
        .isEqualTo(
            new StaticConfig(
                new EntryPointsConfig(
                    new AuthEntryPoint(
                        new ListenAddress("", 9000),
                        new ForwardedHeaders(List.of()),
                        STANDARD_LIFE_CYCLE),
                    null,
                    new AdminEntryPoint(new ListenAddress("127.0.0.1", 9300))),
                new UpstreamConfig(
                    Endpoint.of("http://outpost:9000"),
                    PresetName.AUTHENTIK,
                    Duration.ofSeconds(10),
                    256,
                    1024,
                    new DataSize(64 << 20),
                    ClientTls.STANDARD),
                new CacheConfig(
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(5),
                    0.8,
                    Duration.ZERO,
                    new DataSize(64 << 20),
                    Duration.ZERO),
                new LoginLimitConfig(
                    20,
                    100,
                    Duration.ofSeconds(1),
                    new SourceCriterion(new IpStrategy(1, List.of(), 64), null, false)),
                new ResponseConfig(false),
                ProvidersConfig.NONE,
                new FeedsConfig(null),
                new AdminConfig(null),
                Path.of("/home/p/.local/state/postern"),
                new LogConfig(LogConfig.Level.INFO, LogConfig.Format.COMMON, null, false),
                null,
                MetricsConfig.STANDARD,
                EffectiveSettings.NONE));
  }

  @ParameterizedTest
  @ValueSource(strings = {"full.yml", "full.toml"})
  void load_fullFile_readsEveryValue(String name) {
    var config = load(Map.of(), "--configFile=src/test/resources/config/good/" + name);
    assertThat(config)
        .usingRecursiveComparison()
        .ignoringFields("effective")
        .isEqualTo(
            new StaticConfig(
                new EntryPointsConfig(
                    new AuthEntryPoint(
                        new ListenAddress("10.0.0.1", 8000),
                        new ForwardedHeaders(List.of("10.0.0.0/8", "::1")),
                        new LifeCycle(Duration.ofSeconds(3), Duration.ofSeconds(20))),
                    new AuthsEntryPoint(
                        new ListenAddress("", 8443),
                        new ForwardedHeaders(List.of("192.0.2.7")),
                        STANDARD_LIFE_CYCLE,
                        new Tls(Path.of("/certs/a.crt"), Path.of("/certs/a.key"), List.of())),
                    new AdminEntryPoint(new ListenAddress("::1", 8300))),
                new UpstreamConfig(
                    Endpoint.of("https://outpost"),
                    PresetName.AUTHENTIK,
                    Duration.ofMillis(1500),
                    8,
                    0,
                    new DataSize(8 << 20),
                    new ClientTls(
                        Path.of("ca.crt"),
                        Path.of("c.crt"),
                        Path.of("c.key"),
                        new HostName("idp.local"),
                        true)),
                new CacheConfig(
                    Duration.ofSeconds(90),
                    Duration.ofSeconds(5),
                    Duration.ZERO,
                    1,
                    Duration.ofMinutes(10),
                    new DataSize(1 << 20),
                    Duration.ofSeconds(7)),
                new LoginLimitConfig(
                    3,
                    7,
                    Duration.ofMinutes(1),
                    new SourceCriterion(
                        new IpStrategy(0, List.of("10.0.0.0/8", "::1"), 56), null, false)),
                new ResponseConfig(true),
                new ProvidersConfig(
                    new FileProvider(
                        Path.of("/etc/traefik/dynamic.yml"),
                        PathKind.FILE,
                        false,
                        DefaultRuleSyntax.V2),
                    new TraefikProvider(
                        Endpoint.of("https://traefik:8443/base"),
                        Duration.ofSeconds(20),
                        Duration.ofSeconds(2),
                        new Secret("Basic cG9zdGVybjpwYXNzIHdvcmQ="),
                        new ClientTls(
                            Path.of("ta.crt"),
                            Path.of("t.crt"),
                            Path.of("t.key"),
                            new HostName("t.local"),
                            true)),
                    new AuthentikProvider(
                        Endpoint.of("https://authentik:9443"),
                        new Secret("api-token"),
                        Duration.ofMinutes(2),
                        Duration.ofSeconds(3),
                        new ClientTls(
                            Path.of("aa.crt"),
                            Path.of("a.crt"),
                            Path.of("a.key"),
                            new HostName("a.local"),
                            true))),
                new FeedsConfig(
                    new Websocket(
                        Endpoint.of("https://authentik:9443"),
                        "6c0d3c62-0000-4000-8000-00000000000a",
                        new Secret("outpost-token"),
                        new ClientTls(
                            Path.of("fa.crt"),
                            Path.of("f.crt"),
                            Path.of("f.key"),
                            new HostName("ak.local"),
                            true))),
                new AdminConfig(new Secret("0123456789")),
                Path.of("/var/lib/postern"),
                new LogConfig(
                    LogConfig.Level.DEBUG, LogConfig.Format.JSON, Path.of("/var/log/p.log"), true),
                new AccessLogConfig(
                    Path.of("/var/log/access.log"),
                    AccessLogConfig.Format.GENERIC_CLF,
                    new AccessLogConfig.Filters(
                        List.of(new StatusRange(401, 401), new StatusRange(500, 599)),
                        true,
                        Duration.ofMillis(300)),
                    new AccessLogConfig.Fields(
                        Mode.DROP,
                        Map.of("clienthost", Mode.KEEP, "requestpath", Mode.DROP),
                        new AccessLogConfig.HeaderModes(
                            Mode.REDACT, Map.of("user-agent", Mode.KEEP, "x.y", Mode.DROP)),
                        false),
                    100,
                    AccessLogConfig.BufferingPolicy.BLOCK,
                    true),
                new MetricsConfig(
                    new MetricsConfig.Prometheus(
                        "gate",
                        List.of(0.05, 1.0, 10.0),
                        new MetricsConfig.Groups(false, true, false),
                        Map.of("userAgent", "User-Agent", "host", "X-Forwarded-Host"),
                        MetricsConfig.EntryPoint.AUTHS,
                        true),
                    true),
                EffectiveSettings.NONE));
  }

  @Test
  void load_laterLayers_winKeyByKey() throws IOException {
    Path file =
        write(
            "postern.yml",
            """
            upstream: { url: "http://from-file:1", timeout: 1s, maxQueued: 1 }
            """);
    var config =
        load(
            Map.of("POSTERN_UPSTREAM_TIMEOUT", "2s", "POSTERN_UPSTREAM_MAXQUEUED", "2"),
            "--configFile=" + file,
            "--upstream.maxQueued=3");
    assertThat(config.upstream().url().host()).hasToString("from-file");
    assertThat(config.upstream().timeout()).isEqualTo(Duration.ofSeconds(2));
    assertThat(config.upstream().maxQueued()).isEqualTo(3);
  }

  @Test
  void load_anyCase_isTheSameKey() throws IOException {
    Path file = write("postern.yml", "UPSTREAM: { Url: \"http://outpost:9000\" }\n");
    var config =
        load(
            Map.of("postern_Cache_Ttl", "30s"),
            "--CONFIGFILE",
            file.toString(),
            "--Cache.REFRESHAHEAD=0.5");
    assertThat(config.cache().ttl()).isEqualTo(Duration.ofSeconds(30));
    assertThat(config.cache().refreshAhead()).isEqualTo(0.5);
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.0.0.0/8,192.0.2.7", " 10.0.0.0/8 , 192.0.2.7, "})
  void load_listInAVariable_isSplitAtCommas(String list) {
    var config = load(Map.of("POSTERN_ENTRYPOINTS_AUTH_FORWARDEDHEADERS_TRUSTEDIPS", list), URL);
    var auth = requireNonNull(config.entryPoints().auth());
    assertThat(auth.forwardedHeaders().trustedIPs()).containsExactly("10.0.0.0/8", "192.0.2.7");
  }

  @Test
  void load_repeatedListFlag_collects() {
    var config =
        load(
            Map.of(),
            URL,
            "--entryPoints.auths.http.tls.domains=a",
            "--entryPoints.auths.http.tls.domains",
            "b");
    var auths = requireNonNull(config.entryPoints().auths());
    assertThat(auths.tls().domains()).containsExactly("a", "b");
  }

  @ParameterizedTest(name = "[{0}] opens auth {1}, auths {2}")
  @CsvSource({
    "'', true, false",
    "--entryPoints.admin.address=:1, true, false",
    "--entryPoints.auth.address=:1, true, false",
    "--entryPoints.auths, false, true",
    "--entryPoints.auths=true, false, true",
    "--entryPoints.AUTHS.http.tls, false, true",
    "--entryPoints.auths.http.tls=true, false, true",
    "--entryPoints.auths.address=:1, false, true",
    "--entryPoints.auths --entryPoints.auth, true, true",
    "--entryPoints.auth=false --entryPoints.auths, false, true",
    "--entryPoints.auths=false, true, false",
  })
  void load_namedEntryPoints_areOpen(String flags, boolean auth, boolean auths) {
    var config = load(Map.of(), (URL + " " + flags).strip().split(" ", -1));
    assertThat(config.entryPoints().auth() != null).isEqualTo(auth);
    assertThat(config.entryPoints().auths() != null).isEqualTo(auths);
  }

  @ParameterizedTest
  @ValueSource(strings = {"auths: {}", "auths:", "auths: { http: { tls: {} } }", "auths: true"})
  void load_entryPointNamedInFile_isOpenWithDefaults(String auths) throws IOException {
    Path file = write("postern.yaml", "entryPoints:\n  " + auths + "\n");
    var config = load(Map.of(), URL, "--configFile=" + file);
    assertThat(config.entryPoints().auth()).isNull();
    assertThat(config.entryPoints().auths())
        .isEqualTo(
            new AuthsEntryPoint(
                new ListenAddress("", 9443),
                new ForwardedHeaders(List.of()),
                STANDARD_LIFE_CYCLE,
                new Tls(null, null, List.of())));
  }

  @Test
  void load_entryPointOfFileSwitchedOffByFlag_isClosed() throws IOException {
    Path file = write("postern.yml", "entryPoints: { auth: {}, auths: { address: \":1\" } }\n");
    var config = load(Map.of(), URL, "--configFile=" + file, "--entryPoints.auths=false");
    assertThat(config.entryPoints().auths()).isNull();
  }

  @Test
  void load_emptyAndNullValues_areAbsent() throws IOException {
    Path file =
        write(
            "postern.yml",
            """
            cache: { ttl: , skew: "", maxSize: ~ , staleIfError: null }
            log:
            admin: { token: "" }
            stateDirectory: ""
            entryPoints: { auth: { forwardedHeaders: { trustedIPs: [] } } }
            """);
    var config =
        load(
            Map.of("POSTERN_ADMIN_TOKENFILE", "", "XDG_STATE_HOME", "/xdg"),
            URL,
            "--configFile=" + file,
            "--log.level=");
    assertThat(config).isEqualTo(load(Map.of("XDG_STATE_HOME", "/xdg"), URL));
    assertThat(config.stateDirectory()).isEqualTo(Path.of("/xdg/postern"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"postern.yml", "postern.yaml", "postern.toml"})
  void load_withoutConfigFile_readsTheDefaultOne(String name) throws IOException {
    Path file =
        write(
            name,
            name.endsWith("toml")
                ? "upstream.url = \"http://default:1\"\n"
                : "upstream: { url: \"http://default:1\" }\n");
    var loader = new StaticConfigLoader(Map.of(), directory);
    assertThat(loader.loadAdminAddress(List.of()))
        .isEqualTo(new Loaded<>(new ListenAddress("127.0.0.1", 9300), List.of(file.toString())));
    assertThat(load(Map.of()).upstream().url().host()).hasToString("default");
  }

  @Test
  void load_configFileVariable_namesTheFile() throws IOException {
    Path file = write("other.yml", "upstream: { url: \"http://other:1\" }\n");
    var config = load(Map.of("POSTERN_CONFIGFILE", file.toString()));
    assertThat(config.upstream().url().host()).hasToString("other");
  }

  @Test
  void load_unreadableFile_isAProblem() throws IOException {
    assertThat(problems(Map.of(), "--configFile=/nowhere/postern.yml"))
        .containsExactly("/nowhere/postern.yml: cannot be read: there is no such file");
    Files.createDirectory(directory.resolve("d.yml"));
    assertThat(problems(Map.of(), "--configFile=" + directory.resolve("d.yml")))
        .containsExactly(directory.resolve("d.yml") + ": cannot be read: it is a directory");
    assertThat(problems(Map.of(), "--configFile=" + write("postern.json", "{}")))
        .containsExactly(
            directory.resolve("postern.json") + ": must be a .yml, .yaml or .toml file");
    Path latin = directory.resolve("latin.yml");
    Files.write(latin, new byte[] {'a', ':', ' ', (byte) 0xe4});
    assertThat(problems(Map.of(), "--configFile=" + latin))
        .containsExactly(latin + ": cannot be read: it is not UTF-8 text");
  }

  @Test
  void load_unknownVariables_areProblemsExceptThoseOfOthers() {
    var environment =
        Map.of(
            "POSTERN_UPSTREAM_ULR", "x",
            "POSTERN_SOMETHING", "x",
            "POSTERN_JAVA_OPTS", "-Xmx64m",
            "POSTERN_SERVICE_HOST", "10.0.0.1",
            "POSTERN_PORT", "tcp://10.0.0.1:9000",
            "POSTERN_PORT_9000_TCP_ADDR", "10.0.0.1",
            "POSTERN_AUTH_SERVICE_PORT_HTTP", "9000",
            "PATH", "/bin");
    assertThat(problems(environment, URL))
        .containsExactly(
            "POSTERN_SOMETHING: is not a known variable; the name is POSTERN_ and the key, with _"
                + " for each dot",
            "POSTERN_UPSTREAM_ULR: is not a known variable; did you mean POSTERN_UPSTREAM_URL?");
  }

  @Test
  void load_badVariablesAndFlags_nameTheirPlace() {
    assertThat(
            problems(
                Map.of("POSTERN_CACHE_TTL", "x", "POSTERN_UPSTREAM_URL", "ftp://a"),
                "--cache.skew=-1s",
                "--upstraem.url=http://a",
                "--configFiel",
                "postern.yml",
                "--tracing.otlp=a",
                "--cache=5s",
                "stray",
                "--log.level",
                "--log.noColor=perhaps"))
        .containsExactly(
            "--upstraem.url: is not a known flag; did you mean --upstream.url?",
            "--configFiel: is not a known flag; did you mean --configFile?",
            "--tracing.otlp: is not a known flag; see postern serve --help",
            "--cache: is a section; write one of its keys: ttl, ttlWithoutSession, skew,"
                + " refreshAhead, staleIfError, maxSize, anonymousPaths, loginLimit",
            "command line: an argument is not a flag or its value; write --key=value",
            "--log.level: needs a value; write --log.level=…",
            "POSTERN_UPSTREAM_URL: \"ftp://a\" must begin with http:// or https://; write"
                + " http://host:9000 or https://host",
            "POSTERN_CACHE_TTL: \"x\" is not a duration; write 30s, 1m30s, 500ms or a bare number"
                + " of seconds",
            "--cache.skew: must be at least 0s, but is -1s",
            "--log.noColor: \"perhaps\" is not a boolean; write true or false");
  }

  @Test
  void load_variableInTwoSpellings_isAProblem() {
    assertThat(problems(Map.of("POSTERN_CACHE_TTL", "1m", "postern_cache_ttl", "2m"), URL))
        .containsExactly(
            "postern_cache_ttl: is set twice, with different upper and lower case; keep one of the"
                + " two");
  }

  @Test
  void load_bothEntryPointsOff_isAProblem() {
    assertThat(problems(Map.of(), URL, "--entryPoints.auth=false"))
        .containsExactly(
            "--entryPoints.auth: is off, and so is entryPoints.auths: Traefik could not connect;"
                + " open one of them");
  }

  @Test
  void load_ttlBelowTheOtherDefault_cutsThatDefault() {
    assertThat(load(Map.of(), URL, "--cache.ttl=3s").cache().ttlWithoutSession())
        .isEqualTo(Duration.ofSeconds(3));
  }

  @Test
  void load_bothTtlsEqual_isAllowed() {
    assertThat(load(Map.of(), URL, "--cache.ttl=20s", "--cache.ttlWithoutSession=20s").cache())
        .extracting(CacheConfig::ttlWithoutSession)
        .isEqualTo(Duration.ofSeconds(20));
  }

  @Test
  void loadAdminAddress_incompleteConfiguration_isEnough() {
    var loader =
        new StaticConfigLoader(Map.of("POSTERN_ENTRYPOINTS_ADMIN_ADDRESS", ":1"), directory);
    assertThat(loader.loadAdminAddress(List.of()))
        .isEqualTo(new Loaded<>(new ListenAddress("", 1), List.of("environment")));
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text);
  }

  private StaticConfig load(Map<String, String> environment, String... flags) {
    Result<StaticConfig> result =
        new StaticConfigLoader(environment, directory).load(List.of(flags));
    return switch (result) {
      case Loaded<StaticConfig> loaded -> loaded.value();
      case Refused<StaticConfig> refused -> throw new AssertionError(refused.problems());
    };
  }

  private List<String> problems(Map<String, String> environment, String... flags) {
    return switch (new StaticConfigLoader(environment, directory).load(List.of(flags))) {
      case Loaded<StaticConfig> loaded -> throw new AssertionError(loaded);
      case Refused<StaticConfig> refused ->
          refused.problems().stream().map(Problem::toString).toList();
    };
  }
}
