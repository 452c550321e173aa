package dev.postern.routing.pluginoptions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.config.Problem;
import dev.postern.config.StaticConfig;
import dev.postern.config.UpstreamConfig;
import dev.postern.config.tls.ClientTls;
import dev.postern.routing.pluginoptions.ForwardOptions.Paths;
import dev.postern.routing.pluginoptions.ForwardOptionsReader.Known;
import dev.postern.routing.pluginoptions.ForwardOptionsReader.Result;
import dev.postern.testing.PosternConfig;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The valid values of each option, and the warnings for options without effect.
class ForwardOptionsReaderTest {
  private static final StaticConfig CONFIG =
      PosternConfig.of(URI.create("http://authentik:9000"), Path.of("state")).build();
  private static final Known KNOWN = new Known(Duration.ofSeconds(60), CONFIG.upstream());

  private static Result read(String key, Object value) {
    return ForwardOptionsReader.readPlugin(Map.of(key, value), KNOWN, "at");
  }

  private static Result readTls(Known known, Map<String, ?> tls) {
    return ForwardOptionsReader.readPlugin(Map.of("tls", tls), known, "at");
  }

  private static Known with(ClientTls tls) {
    UpstreamConfig one = CONFIG.upstream();
    return new Known(
        KNOWN.ttl(),
        new UpstreamConfig(
            one.url(),
            one.preset(),
            one.timeout(),
            one.maxConcurrent(),
            one.maxQueued(),
            one.maxInFlightSize(),
            tls));
  }

  private static String only(List<Problem> problems) {
    assertThat(problems).hasSize(1);
    return problems.getFirst().toString();
  }

  private static Paths paths(Result result) {
    assertThat(result.problems()).isEmpty();
    Paths paths = result.options().paths();
    return Objects.requireNonNull(paths);
  }

  @Test
  void empty_blockOfThePlugin_hasItsDefaults() {
    Result result = ForwardOptionsReader.readPlugin("", KNOWN, "at");
    assertThat(result)
        .isEqualTo(
            new Result(
                new ForwardOptions(
                    "at", null, null, new Paths(List.of("^/.*$"), List.of(), 401, 302)),
                List.of(),
                List.of()));
  }

  @Test
  void ownBlock_missingOptionsHaveNoEffect() {
    Map<String, Object> block = Map.of("applications", Map.of(), "CACHEDURATION", "5s");
    assertThat(ForwardOptionsReader.readOwn(block, KNOWN, "at"))
        .get()
        .extracting(Result::options)
        .isEqualTo(new ForwardOptions("at", Duration.ofSeconds(5), null, null));
    assertThat(ForwardOptionsReader.readOwn(Map.of("applications", ""), KNOWN, "at")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"30s, PT30S", "0s, PT0S", "0, PT0S", "1m, PT1M", "' 5 ', PT5S"})
  void cacheDuration_isADurationOfGo(String text, Duration expected) {
    assertThat(read("cacheDuration", text).options().cacheDuration()).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"soon", "-1s", "1 m"})
  void cacheDuration_thatIsInvalid_isAProblemAndDisablesCaching(String text) {
    Result result = read("cacheDuration", text);
    assertThat(only(result.problems())).startsWith("at.cacheDuration: \"" + text + "\"");
    assertThat(result.options().cacheDuration()).isEqualTo(Duration.ZERO);
  }

  @Test
  void cacheDuration_longerThanTheTtl_isReported() {
    assertThat(only(read("cacheDuration", "5m").warnings())).contains("cache.ttl (1m)");
  }

  @ParameterizedTest
  @CsvSource({"0s,", "'',", "1500ms, PT1.5S"})
  void timeout_zeroIsNone(String text, Duration expected) {
    assertThat(read("timeout", text).options().timeout()).isEqualTo(expected);
  }

  @Test
  void skippedPaths_areRefusedUnlessThereAreNone() {
    assertThat(only(read("skippedPaths", List.of("^/x")).problems()))
        .startsWith("at.skippedPaths: would let requests pass without a check")
        .contains("Unauthenticated Paths");
    assertThat(read("skippedPaths", List.of()).problems()).isEmpty();
  }

  @Test
  void unauthorizedPaths_areAListOrATextWithCommas() {
    assertThat(paths(read("unauthorizedPaths", List.of("^/a,b", "^/"))).unauthorized())
        .containsExactly("^/a,b", "^/");
    assertThat(paths(read("unauthorizedPaths", "^/a, ^/")).unauthorized())
        .containsExactly("^/a", "^/");
    assertThat(paths(read("unauthorizedPaths", List.of())).unauthorized()).isEmpty();
  }

  @Test
  void unauthorizedPaths_badPattern_isNamedWithItsPlace() {
    assertThat(only(read("unauthorizedPaths", List.of("^/", "(")).problems()))
        .startsWith("at.unauthorizedPaths[1]: \"(\" is not a valid regular expression: ");
    assertThat(read("unauthorizedPaths", "^/a{1,2}").problems()).isEmpty();
    assertThat(only(read("unauthorizedPaths", "^/(a,b)").problems().subList(0, 1)))
        .endsWith("a single text is split at commas: write a list");
  }

  @Test
  void redirectPaths_thatLeavePathsUncovered_areReported() {
    Map<String, Object> block = Map.of("unauthorizedPaths", "^/a", "redirectPaths", "^/b");
    assertThat(only(ForwardOptionsReader.readPlugin(block, KNOWN, "at").warnings()))
        .contains("Postern never does");
    assertThat(read("redirectPaths", "^/b").warnings()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"403, 403", "'', 401", "0, 401", "499, 499"})
  void unauthorizedStatusCode_isARefusal(String text, int expected) {
    assertThat(paths(read("unauthorizedStatusCode", text)).unauthorizedStatus())
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"200", "302", "500", "99", "99999"})
  void unauthorizedStatusCode_thatIsNone_isAProblem(String text) {
    assertThat(only(read("unauthorizedStatusCode", text).problems()))
        .startsWith("at.unauthorizedStatusCode: " + text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"200", "304", "401", "teapot"})
  void redirectStatusCode_thatIsNone_isAProblem(String text) {
    assertThat(only(read("redirectStatusCode", text).problems()))
        .startsWith("at.redirectStatusCode: ")
        .contains(text);
  }

  @ParameterizedTest
  @CsvSource({
    "http://authentik:9000/, false",
    "HTTP://Authentik:9000, false",
    "https://authentik:9000, true",
    "http://authentik, true",
    "authentik:9000, true"
  })
  void address_isHeldAgainstTheUpstream(String address, boolean isTold) {
    assertThat(read("address", address).warnings()).hasSize(isTold ? 1 : 0);
  }

  @Test
  void own_blockWithAnAddress_isForTraefiksPluginOnly() {
    Map<String, Object> asking =
        Map.of(
            "Address",
            "https://postern:9443",
            "TLS",
            Map.of("ca", "/postern/postern.crt", "serverName", "postern"),
            "trustForwardHeader",
            "true");
    assertThat(asking.keySet()).allMatch(ForwardOptionsReader::isOption);
    assertThat(ForwardOptionsReader.readOwn(asking, KNOWN, "at")).isEmpty();

    Map<String, Object> both = new HashMap<>(asking);
    both.put("cacheDuration", "30s");
    both.put("timeout", "5s");
    Result result = ForwardOptionsReader.readOwn(both, KNOWN, "at").orElseThrow();
    assertThat(result.problems()).isEmpty();
    assertThat(result.warnings()).isEmpty();
    assertThat(result.options().cacheDuration()).isEqualTo(Duration.ofSeconds(30));
    assertThat(result.options().timeout()).isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void own_tlsWithoutAnAddress_isReported() {
    Map<String, Object> block = Map.of("tls", Map.of("ca", "/ca.pem"));
    Result result = ForwardOptionsReader.readOwn(block, KNOWN, "at").orElseThrow();
    assertThat(only(result.warnings())).startsWith("at.tls.ca");
  }

  @Test
  void tls_filesOfTheStaticConfiguration_areHonoured() {
    Map<String, String> tls = Map.of("ca", "/ca.pem", "cert", "/c.pem", "key", "/c.key");
    Known same =
        with(new ClientTls(Path.of("/ca.pem"), Path.of("/c.pem"), Path.of("/c.key"), null, false));
    assertThat(readTls(same, tls).warnings()).isEmpty();
    assertThat(readTls(KNOWN, tls).warnings())
        .extracting(Problem::toString)
        .satisfiesExactly(
            one -> assertThat(one).contains("upstream: { tls: { ca: \"/ca.pem\" } }"),
            one -> assertThat(one).contains("upstream: { tls: { cert: \"/c.pem\" } }"),
            one -> assertThat(one).contains("upstream: { tls: { key: \"/c.key\" } }"));
  }

  @Test
  void tls_certWithoutKey_isAProblem() {
    assertThat(only(readTls(KNOWN, Map.of("cert", "/c.pem")).problems())).startsWith("at.tls.key");
  }

  @ParameterizedTest
  @CsvSource({"12, 13, ''", "13, 13, minVersion", "10, 13, minVersion", "12, 12, maxVersion"})
  void tls_versionsThatAreNotPosternsOwn_areReported(String least, String most, String reported) {
    Result result = readTls(KNOWN, Map.of("minVersion", least, "maxVersion", most));
    assertThat(result.problems()).isEmpty();
    if (reported.isEmpty()) {
      assertThat(result.warnings()).isEmpty();
    } else {
      assertThat(only(result.warnings())).startsWith("at.tls." + reported);
    }
  }

  @ParameterizedTest
  @CsvSource({"9, 13", "12, 14", "13, 12"})
  void tls_versionsThatThePluginRefuses_areProblems(String least, String most) {
    assertThat(readTls(KNOWN, Map.of("minVersion", least, "maxVersion", most)).problems())
        .hasSize(1);
  }

  @Test
  void tls_insecureSkipVerify_isNeverReadFromRules() {
    assertThat(only(readTls(KNOWN, Map.of("insecureSkipVerify", "true")).warnings()))
        .contains("must not extend Postern's trust");
    Known insecure = with(new ClientTls(null, null, null, null, true));
    assertThat(readTls(insecure, Map.of("insecureSkipVerify", "true")).warnings()).isEmpty();
    assertThat(only(readTls(insecure, Map.of("insecureSkipVerify", "false")).warnings()))
        .contains("is false here");
    assertThat(readTls(KNOWN, Map.of("insecureSkipVerify", "perhaps")).problems()).hasSize(1);
  }

  @Test
  void unknownKeys_areProblemsWithTheNearest() {
    assertThat(only(read("cacheDurations", "1s").problems()))
        .contains("did you mean cacheDuration");
    assertThat(only(readTls(KNOWN, Map.of("serverName", "x")).problems())).startsWith("at.tls.");
    assertThat(only(read("timeout", List.of("1s")).problems())).contains("must be one value");
  }
}
