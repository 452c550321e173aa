package dev.postern.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.app.StartException;
import dev.postern.cli.Cli;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Checks that the shipped rules match their README.
class RulesReadmeTest {
  private static final Path RULES = Path.of("rules");
  private static final String HEAD = "| URL | Router | Priority | Application | Shared |";

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... args) {
    return new Cli(
            Map.of("DOMAIN", "domain.tld"),
            new PrintWriter(out, true),
            new PrintWriter(err, true),
            _ -> {
              throw new StartException("nothing is started here");
            })
        .run(args);
  }

  private static List<String> page() throws IOException {
    return Files.readAllLines(RULES.resolve("README.md"));
  }

  static Stream<List<String>> rows() throws IOException {
    List<List<String>> rows =
        page().stream()
            .dropWhile(line -> !line.equals(HEAD))
            .skip(2)
            .takeWhile(line -> line.startsWith("|"))
            .map(line ->
                Arrays.stream(line.substring(1).split("\\|", -1))
                    .map(cell -> cell.strip().replace("`", ""))
                    .toList())
            .toList();
    assertThat(rows).hasSizeGreaterThan(5);
    return rows.stream();
  }

  @ParameterizedTest
  @MethodSource("rows")
  void table_matchesExplain(List<String> row) {
    assertThat(run("explain", "--output=json", "--directory", "rules", row.getFirst()))
        .as("%s", err)
        .isZero();
    JsonNode explained = JsonMapper.shared().readTree(out.toString());
    JsonNode router = explained.path("choices").path(0).path("router");
    assertThat(row.get(1)).startsWith(router.asString("none"));
    String priority = "";
    for (JsonNode one : explained.path("routers")) {
      if (one.path("name").equals(router)) {
        priority = one.path("priority").asString("");
      }
    }
    assertThat(row.get(2)).isEqualTo(priority);
    assertThat(row.get(3)).isEqualTo(explained.path("application").asString(""));
    assertThat(row.get(4)).isEqualTo(explained.path("shared").asBoolean() ? "yes" : "no");
  }

  @Test
  void page_namesEveryFile() throws IOException {
    List<String> listed =
        page().stream().filter(line -> line.startsWith("| `") && line.contains(".yml`")).toList();
    TreeSet<String> files = new TreeSet<>();
    try (Stream<Path> all = Files.list(RULES)) {
      all.map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".yml"))
          .map(name ->
              name.startsWith("middlewares-") ? name.substring("middlewares".length()) : name)
          .forEach(files::add);
    }
    assertThat(files)
        .isNotEmpty()
        .allSatisfy(name -> assertThat(String.join("\n", listed)).contains(name + "`"));
  }

  @Test
  void validate_strictly_findsNothing() {
    assertThat(run("validate", "--strict", "rules")).as("%s%s", out, err).isZero();
    assertThat(out.toString()).contains("rules is valid");
  }
}
