package dev.postern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.app.StartException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `explain` and `validate` with rules files.
class RulesCommandsTest {
  private static final String GOOD =
      """
      http:
        routers:
          app: { rule: "Host(`app.domain.tld`)", service: app, middlewares: [postern] }
        middlewares:
          postern:
            plugin:
              postern:
                applications:
                  app: { kind: individual, rule: "Host(`app.domain.tld`)" }
                  all: { kind: catchAll, cookieDomain: domain.tld, share: true }
        services:
          app: { loadBalancer: { servers: [{ url: "http://app" }] } }
      """;
  private static final String BAD_RULE =
      """
      http:
        routers:
          app:
            rule: "Path(`/`) && Hosts(`a`)"
            service: app@docker
      """;
  private static final String DOUBTFUL =
      """
      http:
        routers:
          app: { rule: "HostRegexp(`.*`)", service: app@docker }
      """;

  private static final String OPTIONS =
      """
      http:
        routers:
          app: { rule: "Host(`app.domain.tld`)", service: app@docker, middlewares: [my-auth] }
        middlewares:
          my-auth:
            plugin:
              authentik-forward: { cacheDuration: 5s, unauthorizedPaths: ["^/api"], %s }
      """;

  @TempDir private Path directory;
  private Path rules;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void makeDirectory() throws IOException {
    rules = Files.createDirectory(directory.resolve("rules"));
  }

  @Test
  void run_explainWithOptions_saysWhichApplyAndWhy() throws IOException {
    write("auth.yml", OPTIONS.formatted("timeout: 3s"));
    String url = "https://app.domain.tld/api/users";
    assertThat(run("explain", "--directory", rules.toString(), url)).isZero();
    assertThat(out.toString())
        .contains("A verdict is stored for at most 5s.")
        .contains(
            "plugin.authentik-forward (cacheDuration 5s, timeout 3s) apply to every request,"
                + " because only Traefik's API lists every router that uses them.")
        .contains("plugin.authentik-forward apply, because router app@file uses them.")
        .contains("A check takes at most 3s (timeout).")
        .contains(
            "A challenge is answered with 401 and without a redirect: \"^/api\" of"
                + " unauthorizedPaths is the longest matching pattern.");
  }

  @Test
  void run_validateWithOptions_namesEachWithItsPlace() throws IOException {
    write(
        "auth.yml",
        OPTIONS.formatted("redirectPaths: ['('], redirectStatusCode: 200, timeout: soon"));
    assertThat(run("validate", "--strict", rules.toString())).isOne();
    String place = "auth.yml:5: http.middlewares.my-auth.plugin.authentik-forward.";
    assertThat(out.toString())
        .contains(place + "redirectPaths[0]: warning: \"(\" is not a valid regular expression")
        .contains(place + "redirectStatusCode: warning: 200 would be an allow for Traefik")
        .contains(place + "timeout: warning: \"soon\" is not a duration");
  }

  @Test
  void run_explainWithDirectory_saysWhatDecides() throws IOException {
    write("good.yml", GOOD);
    assertThat(run("explain", "--directory", rules.toString(), "https://x.domain.tld/")).isZero();
    assertThat(out.toString())
        .startsWith("GET https://x.domain.tld/")
        .contains("Application: all", "may be shared", "Router: none")
        .contains("No router matches (1 router known)");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void run_explainWithConfiguration_readsTheDirectoryThatItNames() throws IOException {
    write("good.yml", GOOD);
    Path config =
        Files.writeString(
            directory.resolve("postern.yml"),
            "upstream: { url: \"http://outpost:9000\" }\n"
                + "providers: { file: { directory: \""
                + rules
                + "\" } }\n");
    assertThat(run("explain", "--configFile", config.toString(), "--output=json", "app.domain.tld"))
        .isZero();
    assertThat(out.toString())
        .contains("\"application\":\"app\"", "\"shared\":false", "\"router\":\"app@file\"");
  }

  @Test
  void run_explainWithoutRules_saysSo() throws IOException {
    Path config =
        Files.writeString(
            directory.resolve("postern.yml"), "upstream: { url: \"http://outpost:9000\" }\n");
    assertThat(run("explain", "--configFile", config.toString(), "https://a/")).isZero();
    assertThat(out.toString()).contains("Application: a (the host itself)", "names no rules");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "explain                                  ; 2 ; Missing required parameter: 'URL'",
        "explain --header x https://a/            ; 2 ; must be a name, a colon and a value",
        "explain --directory /nowhere https://a/  ; 1 ; the rules cannot be used",
        "explain https://a/                       ; 1 ; no rules are configured",
        "validate /nowhere                        ; 1 ; /nowhere: does not exist",
        "validate --output=xml                    ; 2 ; must be text or json or github",
      })
  void run_wrongUsage_isASentence(String words, int code, String sentence) {
    assertThat(run(words.strip().split(" +", -1))).isEqualTo(code);
    assertThat(err.toString()).contains(sentence);
  }

  @Test
  void run_explainUrlThatTraefikRefuses_exitsOne() throws IOException {
    write("good.yml", GOOD);
    assertThat(run("explain", "--directory", rules.toString(), "https://a/%zz")).isEqualTo(1);
    assertThat(out.toString()).startsWith("Traefik answers 400 Bad Request");
  }

  @Test
  void run_validateGoodDirectory_saysSo() throws IOException {
    write("good.yml", GOOD);
    assertThat(run("validate", "--strict", rules.toString())).isZero();
    assertThat(out.toString().lines()).containsExactly(rules + " is valid");
  }

  @Test
  void run_validateBadRule_showsItsPlaceAndExitsOne() throws IOException {
    Path file = write("bad.yml", BAD_RULE);
    assertThat(run("validate", rules.toString())).isEqualTo(1);
    assertThat(out.toString().lines())
        .containsExactly(
            file + ":3: error: router app@file: there is no matcher 'Hosts' [unknown-matcher]",
            "    Path(`/`) && Hosts(`a`)",
            "                 ^",
            rules + ": 1 problem, 0 warnings");
  }

  @Test
  void run_validateOneFileOfRules_isDistinguishedFromAConfiguration() throws IOException {
    Path file = write("bad.yml", BAD_RULE);
    assertThat(run("validate", file.toString())).isEqualTo(1);
    assertThat(out.toString()).contains("unknown-matcher");
    assertThat(run("validate", "--configFile", file.toString())).isEqualTo(1);
    assertThat(err.toString()).contains("is not a known key");
  }

  @Test
  void run_validateDoubtfulRules_failsOnlyWhenStrict() throws IOException {
    write("doubtful.yml", DOUBTFUL);
    assertThat(run("validate", rules.toString())).isZero();
    assertThat(run("validate", "--strict", rules.toString())).isEqualTo(1);
    assertThat(out.toString()).contains("warning: router app@file", "[matches-everything]");
  }

  @Test
  void run_validateFileThatTraefikCannotDecode_exitsOne() throws IOException {
    Path file = write("bad.yml", "http:\n  routers:\n    app: { rul: x }\n");
    assertThat(run("validate", rules.toString())).isEqualTo(1);
    assertThat(out.toString()).contains(file + ":3: http.routers.app.rul: error: ");
  }

  @Test
  void run_validateForGithub_printsAnnotations() throws IOException {
    Path file = write("bad.yml", BAD_RULE);
    assertThat(run("validate", "--output=github", rules.toString())).isEqualTo(1);
    assertThat(out.toString().lines())
        .containsExactly(
            "::error file="
                + file
                + ",line=3,title=unknown-matcher::router app@file: there is no matcher 'Hosts'");
  }

  @Test
  void run_validateConfigurationForGithub_printsAnnotations() throws IOException {
    Path file = Files.writeString(directory.resolve("postern.yml"), "cache: { tll: 5s }\n");
    assertThat(run("validate", "--output=github", file.toString())).isEqualTo(1);
    assertThat(out.toString().lines().findFirst())
        .contains(
            "::error file="
                + file
                + ",line=1,title=configuration::cache.tll: is not a known key; did you mean"
                + " cache.ttl?");
  }

  @Test
  void run_validateAsJson_separatesProblemsFromWarnings() throws IOException {
    write("bad.yml", BAD_RULE);
    assertThat(run("validate", "--output=json", rules.toString())).isEqualTo(1);
    assertThat(out.toString())
        .startsWith("{\"valid\":false,\"problems\":[{\"check\":\"unknown-matcher\"")
        .contains("\"column\":14", "\"warnings\":[]");
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(rules.resolve(name), text);
  }

  private int run(String... args) {
    return new Cli(
            Map.of(),
            new PrintWriter(out, true),
            new PrintWriter(err, true),
            _ -> {
              throw new StartException("nothing is started here");
            })
        .run(args);
  }
}
