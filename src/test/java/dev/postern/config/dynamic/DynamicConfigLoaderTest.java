package dev.postern.config.dynamic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.postern.config.Problem;
import dev.postern.config.dynamic.DynamicConfigLoader.Loaded;
import dev.postern.config.dynamic.DynamicConfigLoader.Refused;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Problems and their places. What Traefik accepts is tested by [RulesDifferentialTest].
class DynamicConfigLoaderTest {
  @TempDir private Path files;

  @Test
  void load_severalMistakesInSeveralFiles_reportsAllWithTheirLines() throws IOException {
    write("a.yml", "http:\n  routers:\n    a:\n      rul: x\n      priority: high\n");
    write("b.toml", "[http.routers.b]\nrule = 'x'\nservcie = 's'\n");
    write("c.yml", "http:\n  routers:\n    c: {}\n    c: {}\n");
    assertThat(refused())
        .containsExactly(
            "a.yml:4: http.routers.a.rul: is not a known key; did you mean rule?",
            "a.yml:5: http.routers.a.priority: \"high\" is not a whole number of 64 bits",
            "b.toml:3: http.routers.b.servcie: is not a known key; did you mean service?",
            "c.yml:4: \"c\" is set twice, first in line 3; keep one");
  }

  @Test
  void load_mistakeBelowATemplateOfSeveralLines_namesTheLineOfTheSource() throws IOException {
    write(
        "a.yml",
        "{{/* one\ntwo */ -}}\n\n\nhttp:\n  routers: {{ `\n    x: {}\n` }}\n    y: { rul: z }\n");
    assertThat(refused())
        .containsExactly("a.yml:9: http.routers.y.rul: is not a known key; did you mean rule?");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{{ if true }}x{{ end }} | \"if\"",
        "{{ range until 5 }}x{{ end }} | \"range\"",
        "{{ define \"a\" }}{{ template \"a\" }}{{ end }} | \"define\"",
        "{{ .Name }} | \".Name\"",
        "{{ $x := 1 }} | \"$x := 1\"",
        "{{ add 1 2 }} | \"add\"",
        "{{ 'a' }} | \"'a'\""
      })
  void load_otherTemplateActions_areRejectedWithTheFix(String text, String shown)
      throws IOException {
    write("a.yml", "# first line\n# " + text + "\n");
    assertThat(new DynamicConfigLoader(Map.of()).load(files))
        .isInstanceOfSatisfying(
            Refused.class,
            refused -> {
              assertThat(refused.byTraefikToo()).isFalse();
              assertThat(refused.problems().getFirst().toString())
                  .contains("a.yml:2: the template action " + shown, "providers.traefik");
            });
  }

  @Test
  void load_environment_isWhatTemplatesRead() throws IOException {
    write("a.yml", "http: { routers: { a: { rule: \"Host(`{{ env \"DOMAIN\" }}`)\" } } }\n");
    assertThat(new DynamicConfigLoader(Map.of("DOMAIN", "a.example")).load(files))
        .isInstanceOfSatisfying(
            Loaded.class,
            loaded ->
                assertThat(loaded.config().routers().getFirst().rule())
                    .isEqualTo("Host(`a.example`)"));
  }

  @Test
  void load_secondDefinition_isAWarningThatNamesBoth() throws IOException {
    write("a.yml", "http: { routers: { a: { rule: one } } }\nhtpp: {}\n");
    write("b.yml", "\nhttp: { routers: { a: { rule: two } } }\n");
    assertThat(new DynamicConfigLoader(Map.of()).load(files))
        .isInstanceOfSatisfying(
            Loaded.class,
            loaded ->
                assertThat(relative(loaded.warnings()))
                    .containsExactly(
                        "a.yml:2: htpp: is ignored; did you mean http?",
                        "b.yml:2: http.routers.a: is already defined at a.yml:1; this definition is"
                            + " not used"));
  }

  @Test
  void load_billionLaughs_isRefused() throws IOException {
    var text = new StringBuilder("a0: &a0 [x, x]\n");
    for (int i = 1; i < 60; i++) {
      text.append("a%d: &a%d [{k: *a%d}, {k: *a%d}]\n".formatted(i, i, i - 1, i - 1));
    }
    write("a.yml", text.toString());
    assertThat(refused()).singleElement().asString().contains("grows to more than");
  }

  @Test
  void load_mergesThatMultiply_areRefused() throws IOException {
    var text = new StringBuilder("a0: &a0 { k: v }\n");
    for (int i = 1; i < 60; i++) {
      text.append("a%d: &a%d { <<: [*a%d, *a%d] }\n".formatted(i, i, i - 1, i - 1));
    }
    write("a.yml", text.toString());
    assertThat(refused()).singleElement().asString().contains("merges too much");
  }

  @Test
  void load_mergesOfOneLargeSection_areRefused() throws IOException {
    var text = new StringBuilder("big: &big\n");
    for (int i = 0; i < 10_000; i++) {
      text.append("  k").append(i).append(": v\n");
    }
    for (int i = 0; i < 1_000; i++) {
      text.append("m").append(i).append(": { <<: *big }\n");
    }
    write("a.yml", text.toString());
    assertThat(refused()).singleElement().asString().contains("merges too much");
  }

  @ParameterizedTest
  @CsvSource({"a.yml, '', '- a\n', ''", "a.toml, 'a = [', '1,', ']'"})
  void load_moreThanAMillionValues_isRefused(String name, String start, String piece, String end)
      throws IOException {
    write(name, start + piece.replace("\\n", "\n").repeat(1_000_001) + end);
    assertThat(refused())
        .singleElement()
        .asString()
        .startsWith(name)
        .endsWith("has more than 1000000 values; split the file");
  }

  @Test
  void load_veryLongLine_takesLinearTime() throws IOException {
    write("a.yml", "#" + " ".repeat(15_000_000));
    assertTimeoutPreemptively(
        Duration.ofSeconds(15),
        () -> assertThat(new DynamicConfigLoader(Map.of()).load(files)).isInstanceOf(Loaded.class));
  }

  @Test
  void load_templateThatGrows_isRefused() throws IOException {
    write("a.yml", "# {{ env \"LONG\" }}\n".repeat(100));
    var loader = new DynamicConfigLoader(Map.of("LONG", "x".repeat(1 << 20)));
    assertThat(loader.load(files))
        .isInstanceOfSatisfying(
            Refused.class,
            refused ->
                assertThat(relative(refused.problems()))
                    .containsExactly("a.yml:64: becomes longer than 64MiB"));
  }

  /// Traefik rejects them, too.
  @ParameterizedTest
  @CsvSource({
    "x.yml -> nowhere, there is no such file",
    "x.yml -> y.yml; y.yml -> x.yml, Too many levels of symbolic links",
    "x.yml -> x.yml, Too many levels of symbolic links",
  })
  void load_linkThatLeadsNowhere_isRefused(String links, String why) throws IOException {
    for (String link : links.split("; ", -1)) {
      String[] names = link.split(" -> ", -1);
      Files.createSymbolicLink(files.resolve(names[0]), Path.of(names[1]));
    }
    assertThat(refused())
        .isNotEmpty()
        .first()
        .asString()
        .startsWith("x.yml: cannot be read: " + why);
  }

  @ParameterizedTest
  @ValueSource(strings = {"pipe.yml", "pipe.toml"})
  void load_pipe_isRefusedWithoutWaiting(String name) throws Exception {
    Process make = new ProcessBuilder("mkfifo", files.resolve(name).toString()).start();
    assertThat(make.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(make.exitValue()).isZero();
    assertTimeoutPreemptively(
        Duration.ofSeconds(10),
        () -> assertThat(refused()).containsExactly(name + ": is not a regular file"));
  }

  @Test
  void load_linkToADevice_isRefusedWithoutReading() throws IOException {
    Files.createSymbolicLink(files.resolve("x.yml"), Path.of("/dev/zero"));
    assertThat(refused()).containsExactly("x.yml: is not a regular file");
  }

  @ParameterizedTest
  @CsvSource({"a.yml,[", "a.yml,'{a: '", "a.toml,'x = ['"})
  void load_deepNesting_isRefused(String name, String opening) throws IOException {
    String start = name.endsWith(".toml") ? "x = " : "";
    String repeated = opening.replace("x = ", "");
    write(name, start + repeated.repeat(100_000));
    assertThat(refused()).hasSize(1);
  }

  @Test
  void load_deepTemplate_isRefused() throws IOException {
    write("a.yml", "{{ " + "(".repeat(100_000));
    assertThat(refused()).singleElement().asString().contains("levels");
  }

  @Test
  void load_largeFile_isRefused() throws IOException {
    try (var file = new RandomAccessFile(files.resolve("a.yml").toFile(), "rw")) {
      file.setLength(50L << 20);
    }
    assertThat(refused()).containsExactly("a.yml: is larger than 16MiB; split it");
  }

  @Test
  void load_noUtf8_isRefused() throws IOException {
    Files.write(files.resolve("a.yml"), new byte[] {'#', (byte) 0xe4});
    assertThat(refused()).containsExactly("a.yml: is not UTF-8 text");
  }

  @Test
  void load_fileOfAnotherKind_isRefused() throws IOException {
    Path file = Files.writeString(files.resolve("a.json"), "{}");
    assertThat(new DynamicConfigLoader(Map.of()).load(file))
        .isEqualTo(
            new Refused(
                List.of(
                    new Problem(
                        file.toString(), "must be a directory or a .yml, .yaml or .toml file")),
                true));
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(files.resolve(name), text);
  }

  private List<String> refused() {
    return switch (new DynamicConfigLoader(Map.of()).load(files)) {
      case Refused(var problems, _) -> relative(problems);
      case Loaded loaded -> throw new AssertionError(loaded);
    };
  }

  private List<String> relative(List<Problem> problems) {
    return problems.stream().map(p -> p.toString().replace(files + "/", "")).toList();
  }
}
