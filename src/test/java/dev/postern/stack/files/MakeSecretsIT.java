package dev.postern.stack.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tests what `compose/make-secrets` creates, keeps and prints.
class MakeSecretsIT {
  private static final List<String> GIVEN =
      List.of(
          "cloudflare_dns_token",
          "geoipupdate_account_id",
          "geoipupdate_license_key",
          "postern_authentik_token");

  @TempDir Path directory;
  Path script;
  Path secrets;

  private record ScriptResult(int exitCode, String output) {}

  @BeforeEach
  void copyScript() throws IOException {
    Path compose = Files.createDirectory(directory.resolve("a stack"));
    script =
        Files.copy(
            ResolvedStack.DIRECTORY.resolve("make-secrets"), compose.resolve("make-secrets"));
    secrets = compose.resolve("secrets");
  }

  @Test
  void firstRun_makesEverySecretThatTheStackNames() throws Exception {
    ScriptResult said = run();

    assertThat(said.exitCode()).as(said.output()).isZero();
    assertThat(contents().keySet())
        .containsExactlyElementsOf(
            ResolvedStack.yaml(ResolvedStack.DIRECTORY.resolve("compose.yaml"))
                .path("secrets")
                .propertyStream()
                .map(Map.Entry::getKey)
                .sorted()
                .toList());
    contents()
        .forEach((name, content) -> {
          if (GIVEN.contains(name)) {
            assertThat(content).as(name).isEmpty();
            assertThat(said.output()).contains("EMPTY  secrets/" + name + ": ");
          } else {
            assertThat(content).as(name).matches("[\\w./:$-]{32,90}");
            assertThat(said.output()).contains("made   secrets/" + name + "\n");
          }
        });
  }

  @Test
  void files_areReadableOnlyByTheUsersInContainers() throws Exception {
    run();

    assertThat(mode(secrets)).isEqualTo("rwx------");
    for (String name : contents().keySet()) {
      assertThat(mode(secrets.resolve(name))).as(name).isEqualTo("rw-r--r--");
    }
  }

  @Test
  void secondRun_changesNothing() throws Exception {
    run();
    Files.writeString(secrets.resolve("cloudflare_dns_token"), "given");
    Map<String, String> before = contents();

    ScriptResult said = run();

    assertThat(said.exitCode()).isZero();
    assertThat(contents()).isEqualTo(before);
    assertThat(said.output())
        .contains("kept   secrets/authentik_secret_key\n", "kept   secrets/cloudflare_dns_token\n")
        .contains("EMPTY  secrets/postern_authentik_token: ")
        .doesNotContain("made", "user admin");
  }

  @Test
  void secret_thatIsDeleted_isRecreatedAndTheOthersAreKept() throws Exception {
    run();
    Map<String, String> before = contents();
    Files.delete(secrets.resolve("postern_admin_token"));

    run();

    Map<String, String> after = contents();
    assertThat(after.remove("postern_admin_token"))
        .isNotEqualTo(before.remove("postern_admin_token"))
        .hasSize(48);
    assertThat(after).isEqualTo(before);
  }

  @Test
  void output_showsThePasswordOfTheDashboardAndNoOtherSecret() throws Exception {
    String output = run().output();

    contents()
        .forEach((name, content) -> {
          if (!content.isEmpty()) {
            assertThat(output).as(name).doesNotContain(content);
          }
        });
    String password = output.replaceFirst("(?s).*user admin, password (\\S+)\n.*", "$1");
    String line = contents().get("traefik_users");
    String salt = line.split("\\$", -1)[2];
    // Through standard input: a password may begin with a dash.
    String hash = "printf %s \"$1\" | openssl passwd -apr1 -salt \"$2\" -stdin";
    assertThat(line)
        .isEqualTo(
            "admin:"
                + ResolvedStack.run(directory, List.of("sh", "-c", hash, "sh", password, salt))
                    .strip());
  }

  @Test
  void withoutProgramForHashes_saysSoAndMakesNoUser() throws Exception {
    Path bin = Files.createDirectory(directory.resolve("bin"));
    for (String program :
        List.of("base64", "chmod", "dirname", "find", "grep", "head", "mkdir", "mv", "tr")) {
      Path file = bin.resolve(program);
      Files.writeString(file, "#!/bin/sh\nexec %s \"$@\"\n".formatted(which(program)));
      assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    ScriptResult said = run(bin.toString());

    assertThat(said.exitCode()).isEqualTo(1);
    assertThat(said.output()).contains("Neither openssl nor htpasswd is installed");
    assertThat(contents()).doesNotContainKey("traefik_users").containsKey("authentik_secret_key");
    assertThat(run().exitCode()).isZero();
    assertThat(contents()).containsKey("traefik_users");
  }

  @Test
  void directory_thatDockerMadeOfAMissingFile_isNamedWithTheFix() throws Exception {
    Files.createDirectories(secrets.resolve("postern_admin_token"));

    ScriptResult said = run();

    assertThat(said.exitCode()).isEqualTo(1);
    assertThat(said.output())
        .contains("secrets/postern_admin_token is a directory: stop the stack");
  }

  @Test
  void file_thatContainersCannotRead_isNamedWithTheFix() throws Exception {
    run();
    Path file = secrets.resolve("grafana_admin_password");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));

    assertThat(run().output())
        .contains("CLOSED secrets/grafana_admin_password: ", "chmod 644 ")
        .doesNotContain("kept   secrets/grafana_admin_password");
    assertThat(mode(file)).isEqualTo("rw-------");
  }

  private ScriptResult run() throws Exception {
    return run(System.getenv("PATH"));
  }

  private ScriptResult run(String path) throws Exception {
    ProcessBuilder builder = new ProcessBuilder("/bin/sh", script.toString());
    builder.directory(directory.toFile()).redirectErrorStream(true);
    builder.environment().put("PATH", path);
    Path log = directory.resolve("log");
    Process process = builder.redirectOutput(log.toFile()).start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new ScriptResult(process.exitValue(), Files.readString(log));
  }

  private Map<String, String> contents() throws IOException {
    Map<String, String> contents = new TreeMap<>();
    try (Stream<Path> files = Files.list(secrets)) {
      for (Path file : files.toList()) {
        contents.put(file.getFileName().toString(), Files.readString(file));
      }
    }
    return contents;
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  private static Path which(String program) {
    return Stream.of(System.getenv("PATH").split(":", -1))
        .map(folder -> Path.of(folder, program))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow();
  }
}
