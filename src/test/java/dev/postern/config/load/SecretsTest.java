package dev.postern.config.load;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.config.Problem;
import dev.postern.config.Secret;
import dev.postern.config.StaticConfig;
import dev.postern.config.key.Unreadable;
import dev.postern.config.load.StaticConfigLoader.Loaded;
import dev.postern.config.load.StaticConfigLoader.Refused;
import dev.postern.config.load.StaticConfigLoader.Result;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretsTest {
  private static final String SECRET = "hunter2-Zx9";
  private static final String URL = "--upstream.url=http://outpost:9000";

  @TempDir private Path directory;

  @Test
  void load_token_isNeverPrinted() throws IOException {
    Path file = Files.writeString(directory.resolve("token"), SECRET + "\r\n\n");
    for (String flag : List.of("--admin.token=" + SECRET, "--admin.tokenFile=" + file)) {
      Result<StaticConfig> result = load(Map.of(), URL, flag);
      assertThat(result).isInstanceOf(Loaded.class);
      assertThat(result.toString()).contains("token=***").doesNotContain(SECRET);
      StaticConfig config = ((Loaded<StaticConfig>) result).value();
      assertThat(requireNonNull(config.admin().token())).isEqualTo(new Secret(SECRET));
      assertThat(config.effective().lines())
          .filteredOn(line -> line.startsWith("admin: "))
          .singleElement()
          .asString()
          .endsWith("=***");
      assertThat(String.join("\n", config.effective().lines())).doesNotContain(SECRET);
    }
  }

  static Stream<String> filesWithMistakes() {
    return Stream.of(
        "admin:\n  token: \"SECRET\n",
        "admin:\n  token: @SECRET\n",
        "admin:\n  token: %SECRET\n",
        "admin:\n  token: a: SECRET\n",
        "admin:\n  token: !SECRET!x y\n",
        "admin:\n  token: \"\\SECRET\"\n",
        "admin:\n  token: [SECRET, \n",
        "admin:\n  token: [SECRET]\n",
        "admin:\n  token: { value: SECRET }\n",
        "admin:\n  token: \"SEC RET SECRET\"\n",
        "admin:\n  tokne: SECRET\n",
        "admin: SECRET\n",
        "SECRET\n",
        "admin:\n  tokenFile: SECRET\n",
        "upstream: { url: \"http://user:SECRET@outpost:9000\" }\n",
        "upstream: { url: \"http://outpost:9000/?token=SECRET\" }\n",
        "upstream: { url: \"SECRET://x\" }\n");
  }

  @ParameterizedTest
  @MethodSource("filesWithMistakes")
  void load_mistakeBesideASecret_isReportedWithoutIt(String text) throws IOException {
    Path file = Files.writeString(directory.resolve("p.yml"), text.replace("SECRET", SECRET));
    assertThat(problems(Map.of(), "--configFile=" + file)).isNotEmpty().noneMatch(this::tells);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[admin]\ntoken = SECRET\n",
        "[admin]\ntoken = \"SECRET\n",
        "[admin]\ntoken = \"\\SECRET\"\n",
        "[admin]\ntoken = [\"SECRET\"]\n",
        "[admin]\ntokne = \"SECRET\"\n",
        "admin = \"SECRET\"\n",
        "[admin\nSECRET\n"
      })
  void load_mistakeInToml_isReportedWithoutTheSecret(String text) throws IOException {
    Path file = Files.writeString(directory.resolve("p.toml"), text.replace("SECRET", SECRET));
    assertThat(problems(Map.of(), "--configFile=" + file)).isNotEmpty().noneMatch(this::tells);
  }

  @Test
  void load_mistakesInVariablesAndFlags_areReportedWithoutTheSecret() {
    var environment =
        Map.of("POSTERN_ADMIN_TOKNE", SECRET, "POSTERN_ADMIN_TOKENFILE", SECRET, "OTHER", SECRET);
    assertThat(
            problems(
                environment,
                "--admin.token",
                SECRET,
                SECRET,
                "--admin.tokn=" + SECRET,
                "--tokne",
                SECRET,
                "--upstream.url=http://" + SECRET + "@host"))
        .hasSizeGreaterThan(4)
        .noneMatch(this::tells);
  }

  @Test
  void load_secretFile_mustHoldASecret() throws IOException {
    Path empty = Files.writeString(directory.resolve("empty"), "\n");
    Path lines = Files.writeString(directory.resolve("lines"), "one\ntwo\n");
    assertThat(problems(Map.of(), URL, "--admin.tokenFile=" + empty))
        .containsExactly("--admin.tokenFile: \"" + empty + "\" is empty; write the secret into it");
    assertThat(problems(Map.of(), URL, "--admin.tokenFile=" + lines))
        .containsExactly(
            "--admin.tokenFile: the secret in \""
                + lines
                + "\" must consist of visible ASCII characters on one line, because it is sent in a"
                + " header");
    assertThat(problems(Map.of(), URL, "--admin.tokenFile=/run/nowhere"))
        .containsExactly(
            "--admin.tokenFile: \"/run/nowhere\" cannot be read: there is no such file; create it,"
                + " or mount it into the container");
  }

  @Test
  void load_secretFileThatDockerMadeADirectory_isReportedWithTheFix() {
    assertThat(problems(Map.of(), URL, "--admin.tokenFile=" + directory))
        .containsExactly(
            "--admin.tokenFile: \""
                + directory
                + "\" cannot be read: it is a directory; Docker creates a directory if the file to"
                + " mount is missing: remove it, create the file, and recreate the container");
  }

  @Test
  void unreadableFile_isReportedWithTheFix() {
    assertThat(Unreadable.whyProvided(new AccessDeniedException("/run/secrets/token")))
        .isEqualTo("permission denied; make it readable for the user that Postern runs as");
  }

  @Test
  void load_tokenAndTokenFile_isAProblem() throws IOException {
    Path file = Files.writeString(directory.resolve("token"), SECRET);
    assertThat(problems(Map.of("POSTERN_ADMIN_TOKEN", SECRET), URL, "--admin.tokenFile=" + file))
        .containsExactly(
            "--admin.tokenFile: is set beside POSTERN_ADMIN_TOKEN; remove one of the two");
  }

  private boolean tells(String message) {
    return message.contains(SECRET) || message.contains("hunter2");
  }

  private Result<StaticConfig> load(Map<String, String> environment, String... flags) {
    return new StaticConfigLoader(environment, directory).load(List.of(flags));
  }

  private List<String> problems(Map<String, String> environment, String... flags) {
    return switch (load(environment, flags)) {
      case Loaded<StaticConfig> loaded -> throw new AssertionError(loaded);
      case Refused<StaticConfig> refused ->
          refused.problems().stream().map(Problem::toString).toList();
    };
  }
}
