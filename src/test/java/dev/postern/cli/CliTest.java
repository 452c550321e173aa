package dev.postern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.app.Reloads;
import dev.postern.app.Running;
import dev.postern.app.StartException;
import dev.postern.config.StaticConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CliTest {
  private static final String URL = "--upstream.url=http://outpost:9000";

  @TempDir private Path directory;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final List<StaticConfig> started = new ArrayList<>();

  @ParameterizedTest
  @ValueSource(strings = {"--help", "-h", "help"})
  void run_help_listsTheCommands(String word) {
    assertThat(run(word)).isZero();
    assertThat(out.toString())
        .startsWith("Usage: postern ")
        .contains("serve", "validate", "healthcheck", "version", "Exit codes");
    assertThat(err.toString()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"serve --help", "help serve", "serve -h"})
  void run_helpOfServe_listsEveryFlagWithItsDefault(String words) {
    assertThat(run(words.split(" ", -1))).isZero();
    assertThat(out.toString())
        .startsWith("Usage: postern serve [--configFile=FILE] [FLAG...]")
        .contains("--upstream.url=<URL>", "Default: 60s", "--admin.tokenFile");
  }

  @Test
  void run_version_printsBuildAndJava() {
    assertThat(run("version")).isZero();
    assertThat(out.toString()).matches("postern \\S+ \\(Java 25\\S*\\)\\R");
  }

  @Test
  void run_versionAsJson_isAnObject() {
    assertThat(run("version", "--output", "json")).isZero();
    assertThat(out.toString()).matches("\\{\"version\":\"\\S+\",\"java\":\"25\\S*\"}\\R");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "serv | unknown word serv; did you mean serve? (see postern --help)",
        "version --outptu=s3cret |"
            + " unknown flag --outptu; did you mean --output? (see postern version --help)",
        "version --output=xml | Invalid value for option '--output': must be text or json (see"
            + " postern version --help)",
        "validate a b | unknown word b (see postern validate --help)",
        "--config=a.yml | unknown flag --config; did you mean --configFile? (see postern serve"
            + " --help)",
      })
  void run_wrongUsage_isOneSentenceAndExitTwo(String words, String sentence) {
    assertThat(run(words.split(" ", -1))).isEqualTo(2);
    assertThat(err.toString()).isEqualTo("postern: " + sentence + System.lineSeparator());
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void run_serveWithBadConfiguration_listsAllAndExitsTwo() {
    assertThat(run("--cache.ttl=0", "--upstraem.url=http://outpost")).isEqualTo(2);
    assertThat(err.toString().lines())
        .containsExactly(
            "postern: the configuration has 3 problems:",
            "  --upstraem.url: is not a known flag; did you mean --upstream.url?",
            "  upstream.url: is missing; write for example http://authentik-server:9000",
            "  --cache.ttl: must be above 0s, but is 0");
    assertThat(started).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"serve " + URL, URL, "serve --upstream.URL http://outpost:9000"})
  void run_serve_startsWaitsAndStops(String words) {
    assertThat(run(words.split(" ", -1))).isZero();
    assertThat(started).hasSize(1);
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void run_serveThatCannotStart_saysWhyAndExitsOne() {
    int code =
        cli(
                Map.of(),
                _ -> {
                  throw new StartException("the address :9000 is in use");
                })
            .run("serve", URL, "--log.level=ERROR");
    assertThat(code).isEqualTo(1);
    assertThat(err.toString().lines()).containsExactly("postern: the address :9000 is in use");
  }

  @Test
  void run_serveWithUnwritableLog_saysWhyAndExitsOne() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "");
    assertThat(run("serve", URL, "--log.filePath=" + file.resolve("postern.log"))).isEqualTo(1);
    assertThat(err.toString())
        .startsWith("postern: the log file " + file.resolve("postern.log") + " of log.filePath");
  }

  @Test
  void run_validateGoodFile_saysSo() throws IOException {
    Path file = good();
    assertThat(run("validate", file.toString())).isZero();
    assertThat(out.toString().lines()).containsExactly(file + " is valid");
  }

  @Test
  void run_validateBadFile_listsProblemsAndExitsOne() throws IOException {
    Path file = bad();
    assertThat(run("validate", "--configFile=" + file)).isEqualTo(1);
    assertThat(err.toString().lines())
        .containsExactly(
            "postern: the configuration has 2 problems:",
            "  " + file + ":1: cache.tll: is not a known key; did you mean cache.ttl?",
            "  upstream.url: is missing; write for example http://authentik-server:9000");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void run_validateAsJson_isAnObjectEitherWay() throws IOException {
    Path file = bad();
    assertThat(run("validate", file.toString(), "--output=json")).isEqualTo(1);
    assertThat(run("validate", good().toString(), "--output=json")).isZero();
    assertThat(out.toString().lines())
        .containsExactly(
            "{\"valid\":false,\"problems\":[{\"path\":\""
                + file
                + ":1: cache.tll\",\"message\":\"is not a known key; did you mean cache.ttl?\"},"
                + "{\"path\":\"upstream.url\",\"message\":"
                + "\"is missing; write for example http://authentik-server:9000\"}]}",
            "{\"valid\":true,\"problems\":[]}");
  }

  @Test
  void run_validateWithoutFile_looksAtTheEnvironment() {
    int code = cli(Map.of("POSTERN_UPSTREAM_URL", "http://outpost"), this::start).run("validate");
    assertThat(code).isZero();
    assertThat(out.toString()).isEqualTo("environment is valid" + System.lineSeparator());
  }

  private Path good() throws IOException {
    return Files.writeString(
        directory.resolve("good.yml"), "upstream: { url: \"http://outpost:9000\" }\n");
  }

  private Path bad() throws IOException {
    return Files.writeString(directory.resolve("bad.yml"), "cache: { tll: 5s }\n");
  }

  private int run(String... args) {
    return cli(Map.of(), this::start).run(args);
  }

  private Cli cli(Map<String, String> environment, ServeCommand.Starter starter) {
    return new Cli(environment, new PrintWriter(out, true), new PrintWriter(err, true), starter);
  }

  private Running start(StaticConfig config) {
    started.add(config);
    return new Running() {
      @Override
      public void watchUpstream() {}

      @Override
      public void reopenLogs() {}

      @Override
      public Reloads reloads() {
        return new Reloads();
      }

      @Override
      public void awaitStop() {}

      @Override
      public void close() {}
    };
  }
}
