package dev.postern.stack.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.stack.files.ResolvedStack.Mount;
import dev.postern.testing.program.ExternalProgram;
import dev.postern.testing.program.NeedsProgram;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/// Checks that every file in compose/ is valid and complete, with pinned images and confined
/// containers.
@NeedsProgram({ExternalProgram.CHECK_JSONSCHEMA, ExternalProgram.PODMAN_COMPOSE})
@TestInstance(Lifecycle.PER_CLASS)
class ComposeFilesIT {
  private static final Pattern VERSION = Pattern.compile("[^:@]+:v?\\d+(\\.\\d+)+(-[a-z0-9.]+)?");
  private static final Pattern VARIABLE = Pattern.compile("(?<!\\$)\\$\\{?([A-Za-z_]\\w*)");
  private static final Pattern EXAMPLE = Pattern.compile("(?m)^((?:#.*\n)*)([A-Z_]+)=");

  private final List<Named<ResolvedStack>> roots = new ArrayList<>();

  @BeforeAll
  void resolveFiles(@TempDir Path work) throws Exception {
    for (Path root : ResolvedStack.roots()) {
      roots.add(Named.of(root.getFileName().toString(), ResolvedStack.resolve(root, work)));
    }
  }

  List<Named<ResolvedStack>> roots() {
    return roots;
  }

  @Test
  void files_all_followTheSpecification(@TempDir Path work) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(ExternalProgram.CHECK_JSONSCHEMA.require().toString());
    command.addAll(List.of("--builtin-schema", "vendor.compose-spec"));
    ResolvedStack.files().forEach(file -> command.add(file.toString()));

    assertThat(ResolvedStack.run(work, command)).contains("ok");
  }

  @ParameterizedTest
  @MethodSource("roots")
  void names_inServices_areDeclaredAndWhatIsDeclaredIsUsed(ResolvedStack stack) {
    Set<String> secrets = new TreeSet<>();
    Set<String> networks = new TreeSet<>();
    Set<String> volumes = new TreeSet<>();
    for (JsonNode service : stack.services().values()) {
      secrets.addAll(ResolvedStack.texts(service.path("secrets")));
      networks.addAll(ResolvedStack.texts(service.path("networks")));
      ResolvedStack.mounts(service).stream()
          .filter(mount -> !mount.isPath())
          .forEach(mount -> volumes.add(mount.source()));
    }
    assertThat(stack.declared("secrets")).isEqualTo(secrets);
    assertThat(stack.declared("networks")).isEqualTo(networks);
    assertThat(stack.declared("volumes")).isEqualTo(volumes);
  }

  @ParameterizedTest
  @MethodSource("roots")
  void paths_inServices_areThere(ResolvedStack stack) {
    for (JsonNode service : stack.services().values()) {
      for (Mount mount : ResolvedStack.mounts(service)) {
        if (mount.isPath() && !isDockerSocket(mount)) {
          assertThat(mount.path()).exists();
          assertThat(mount.readOnly()).as("%s is mounted to be read only", mount).isTrue();
        }
      }
      JsonNode build = service.path("build");
      if (!build.isMissingNode()) {
        String context = build.isString() ? build.asString() : build.path("context").asString();
        assertThat(ResolvedStack.DIRECTORY.resolve(context)).isDirectory();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("roots")
  void dependencies_onHealth_haveOneToAskFor(ResolvedStack stack) {
    for (JsonNode service : stack.services().values()) {
      JsonNode dependencies = service.path("depends_on");
      for (String name : ResolvedStack.texts(dependencies)) {
        JsonNode condition = dependencies.path(name).path("condition");
        if (condition.asString().equals("service_healthy")) {
          assertThat(stack.service(name).path("healthcheck").path("test")).isNotEmpty();
        } else {
          stack.service(name);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("roots")
  void images_thatAreNotBuiltHere_nameAVersion(ResolvedStack stack) {
    Set<String> built =
        stack.services().values().stream()
            .filter(service -> service.has("build"))
            .map(service -> service.path("image").asString())
            .collect(Collectors.toSet());
    stack
        .services()
        .forEach((name, service) -> {
          String image = service.path("image").asString();
          if (!built.contains(image)) {
            assertThat(image).as("image of %s", name).matches(VERSION);
          }
        });
  }

  @ParameterizedTest
  @MethodSource("roots")
  void services_all_haveNoCapabilityAndNoWayToOne(ResolvedStack stack) {
    stack
        .services()
        .forEach((name, service) -> {
          assertThat(ResolvedStack.texts(service.path("cap_drop"))).as(name).containsExactly("ALL");
          assertThat(ResolvedStack.texts(service.path("security_opt")))
              .as(name)
              .contains("no-new-privileges:true");
          assertThat(service.propertyNames())
              .as(name)
              .doesNotContain("cap_add", "privileged", "pid", "network_mode", "devices");
        });
  }

  @ParameterizedTest
  @MethodSource("roots")
  void dockerSocket_isMountedByTheSocketProxyAlone(ResolvedStack stack) {
    stack
        .services()
        .forEach((name, service) -> {
          if (!name.equals("socket-proxy")) {
            assertThat(ResolvedStack.mounts(service))
                .as(name)
                .noneMatch(ComposeFilesIT::isDockerSocket);
          }
        });
  }

  @Test
  void variables_ofTheExample_areExplainedAndThoseThatTheFilesUse() throws Exception {
    Set<String> used = new TreeSet<>();
    for (Path file : ResolvedStack.files()) {
      VARIABLE
          .matcher(Files.readString(file).replaceAll("(?m)^\\s*#.*", ""))
          .results()
          .forEach(found -> used.add(found.group(1)));
    }
    List<MatchResult> examples =
        EXAMPLE.matcher(Files.readString(ResolvedStack.VARIABLES)).results().toList();

    assertThat(examples).allSatisfy(example -> assertThat(example.group(1)).isNotEmpty());
    assertThat(examples.stream().map(example -> example.group(2)))
        // Set by Compose itself.
        .filteredOn(name -> !name.equals("COMPOSE_PROFILES"))
        .containsExactlyInAnyOrderElementsOf(used);
  }

  private static boolean isDockerSocket(Mount mount) {
    return mount.source().endsWith("docker.sock");
  }
}
