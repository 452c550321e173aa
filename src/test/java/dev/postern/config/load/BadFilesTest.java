package dev.postern.config.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.postern.config.Problem;
import dev.postern.config.StaticConfig;
import dev.postern.config.load.StaticConfigLoader.Loaded;
import dev.postern.config.load.StaticConfigLoader.Refused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// One file per mistake; the lines that begin with `#!` are all problems that must be reported.
class BadFilesTest {
  private static final Path FIXTURES = Path.of("src/test/resources/config/bad");
  private static final String EXPECTED = "#! ";

  static Stream<Arguments> files() throws IOException {
    try (Stream<Path> files = Files.list(FIXTURES)) {
      return files.sorted().map(file -> arguments(file.getFileName().toString())).toList().stream();
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("files")
  void load_badFile_reportsExactlyItsProblems(String name) throws IOException {
    Path file = FIXTURES.resolve(name);
    List<String> expected =
        Files.readAllLines(file).stream()
            .filter(line -> line.startsWith(EXPECTED))
            .map(line -> line.substring(EXPECTED.length()).replace("{file}", file.toString()))
            .toList();

    var result = new StaticConfigLoader(Map.of()).load(List.of("--configFile=" + file));

    List<String> problems =
        switch (result) {
          case Loaded<StaticConfig> _ -> List.of();
          case Refused<StaticConfig> refused ->
              refused.problems().stream().map(Problem::toString).toList();
        };
    assertThat(problems).isEqualTo(expected).isNotEmpty();
  }
}
