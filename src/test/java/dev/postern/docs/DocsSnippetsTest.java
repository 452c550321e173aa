package dev.postern.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.app.StartException;
import dev.postern.cli.Cli;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/// Checks that the examples of the documentation are valid: every block of YAML or JSON parses. A `
/// ```yaml rules ` block is a whole file of rules, a ` ```yaml postern ` block a part of the static
/// configuration; both must pass `postern validate`.
class DocsSnippetsTest {
  private static final String UPSTREAM = "upstream:\n  url: http://authentik-server:9000\n";

  /// Rules refer to definitions in other files or in container labels.
  private static final String NO_FAULT = "unknown-reference";

  /// Certificates and rules of an example do not exist on this machine.
  private static final String NO_FILE = "cannot be read: there is no such file";

  @TempDir private Path directory;

  private List<String> faults(MarkdownPage page) throws IOException {
    List<String> faults = new ArrayList<>();
    for (MarkdownPage.Block block : page.blocks()) {
      List<String> found = new ArrayList<>();
      if (block.isA("yaml") || block.isA("json")) {
        found.addAll(parse(block.text()));
      }
      if (block.isA("rules")) {
        found.addAll(validate(block.text()));
      } else if (block.isA("postern")) {
        found.addAll(
            validate(block.text().contains("upstream:") ? block.text() : block.text() + UPSTREAM));
      }
      found.forEach(one -> faults.add(page.path().getFileName() + ":" + block.line() + ": " + one));
    }
    return faults;
  }

  private static List<String> parse(String text) {
    try {
      new Load(LoadSettings.builder().build()).loadAllFromString(text).forEach(_ -> {});
      return List.of();
    } catch (YamlEngineException e) {
      return List.of(e.getMessage());
    }
  }

  private List<String> validate(String text) throws IOException {
    Path secret = Files.writeString(directory.resolve("secret"), "x");
    Path file =
        Files.writeString(
            directory.resolve("snippet.yml"),
            text.replaceAll("/run/secrets/[\\w-]+", secret.toString()));
    StringWriter out = new StringWriter();
    new Cli(
            Map.of("DOMAIN", "domain.tld"),
            new PrintWriter(out, true),
            new PrintWriter(out, true),
            _ -> {
              throw new StartException("nothing is started here");
            })
        .run("validate", "--output", "json", file.toString());
    JsonNode found = new ObjectMapper().readTree(out.toString());
    return Stream.of(found.path("problems"), found.path("warnings"))
        .flatMap(list -> list.valueStream())
        .filter(one -> !one.path("check").asString("").equals(NO_FAULT))
        .map(one -> one.path("message").asString())
        .filter(message -> !message.contains(NO_FILE))
        .toList();
  }

  @Test
  void blocks_ofEveryPage_canBeUsed() throws IOException {
    List<String> faults = new ArrayList<>();
    for (MarkdownPage page : MarkdownPage.below(Path.of("").toAbsolutePath())) {
      faults.addAll(faults(page));
    }
    assertThat(faults).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        """
        ```yaml
        a: [
        ```
        """,
        """
        ```yaml
        a: 1
        a: 2
        ```
        """,
        """
        ```json
        {"a":
        ```
        """,
        """
        ```yaml rules
        http: { routers: { a: { rule: "Hosts(`a`)", service: a } } }
        ```
        """,
        """
        ```yaml rules
        http: { middlewares: { a: { forwardAuth: { adress: b } } } }
        ```
        """,
        """
        - in a list

          ```yaml postern
          cache: { ttl: soon }
          ```
        """,
      })
  void block_thatCannotBeUsed_isFound(String text) throws IOException {
    assertThat(faults(MarkdownPage.of(directory.resolve("page.md"), text))).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        """
        ```yaml
        a: 1
        ---
        a: 2
        ```
        """,
        """
        ```sh
        a: [
        ```
        """,
        """
        ```yaml rules
        http: { routers: { a: { rule: "Host(`a`)", service: a, middlewares: [b] } } }
        ```
        """,
        """
        ```yaml postern
        admin: { tokenFile: /run/secrets/a_token }
        ```
        """,
      })
  void block_thatCanBeUsed_isNoFault(String text) throws IOException {
    assertThat(faults(MarkdownPage.of(directory.resolve("page.md"), text))).isEmpty();
  }
}
