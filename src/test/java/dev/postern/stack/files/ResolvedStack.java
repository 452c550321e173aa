package dev.postern.stack.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.testing.program.ExternalProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// A compose file with its includes, as podman-compose resolves it with the example variables and
/// all profiles.
///
/// @param services each service by its name
/// @param tree the whole resolved file
record ResolvedStack(Map<String, JsonNode> services, JsonNode tree) {
  static final Path DIRECTORY = Path.of("compose").toAbsolutePath();
  static final Path VARIABLES = DIRECTORY.resolve(".env.example");

  private static final YAMLMapper YAML = new YAMLMapper();

  /// A mount of a service.
  ///
  /// @param source a path for a bind mount, else a volume's name
  /// @param target the path in the container
  /// @param readOnly whether it cannot be written
  record Mount(String source, String target, boolean readOnly) {
    boolean isPath() {
      return source.startsWith(".") || source.startsWith("/");
    }

    Path path() {
      return DIRECTORY.resolve(source).normalize();
    }
  }

  /// {@return every compose file}
  static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(DIRECTORY)) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    }
  }

  /// {@return the compose files that no other file includes}
  static List<Path> roots() throws IOException {
    List<Path> roots = new ArrayList<>(files());
    for (Path file : files()) {
      for (String included : texts(yaml(file).path("include"))) {
        assertThat(roots.remove(DIRECTORY.resolve(included)))
            .as("%s includes %s, which exists and which no other file includes", file, included)
            .isTrue();
      }
    }
    return roots;
  }

  static JsonNode yaml(Path file) throws IOException {
    return YAML.readTree(Files.readString(file));
  }

  /// Resolves a file.
  ///
  /// @param root a compose file
  /// @param work an empty directory
  static ResolvedStack resolve(Path root, Path work) throws Exception {
    // podman-compose only asks podman for its version here: resolving files starts no container.
    Path podman =
        Files.writeString(work.resolve("podman"), "#!/bin/sh\necho podman version 5.4.2\n");
    assertThat(podman.toFile().setExecutable(true)).isTrue();
    List<String> command = new ArrayList<>();
    command.add(ExternalProgram.PODMAN_COMPOSE.require().toString());
    command.addAll(List.of("--podman-path", podman.toString()));
    command.addAll(List.of("--env-file", VARIABLES.toString()));
    profiles().forEach(profile -> command.addAll(List.of("--profile", profile)));
    command.addAll(List.of("-f", root.toString(), "config"));
    JsonNode tree = YAML.readTree(run(work, command));
    Map<String, JsonNode> services = new TreeMap<>();
    tree.path("services").properties().forEach(s -> services.put(s.getKey(), s.getValue()));
    assertThat(services).as("services of %s", root).isNotEmpty();
    return new ResolvedStack(services, tree);
  }

  private static Set<String> profiles() throws IOException {
    Set<String> profiles = new TreeSet<>();
    for (Path file : files()) {
      yaml(file)
          .path("services")
          .values()
          .forEach(service -> profiles.addAll(texts(service.path("profiles"))));
    }
    return profiles;
  }

  /// Runs a program, without the variables of this environment; it must succeed.
  ///
  /// @param work a directory for its output
  /// @param command program and arguments
  /// @return its standard output
  static String run(Path work, List<String> command) throws Exception {
    Path out = work.resolve("out");
    Path err = work.resolve("err");
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().keySet().retainAll(Set.of("PATH", "HOME"));
    Process process = builder.start();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("still running after 60 s: " + command);
    }
    String said = Files.readString(out);
    assertThat(process.exitValue())
        .as("%s%n%s%n%s", String.join(" ", command), said, Files.readString(err))
        .isZero();
    return said;
  }

  JsonNode service(String name) {
    assertThat(services).containsKey(name);
    return services.get(name);
  }

  /// {@return the names in a top-level section, such as `volumes`}
  Set<String> declared(String section) {
    return Set.copyOf(tree.path(section).propertyNames());
  }

  /// {@return the services that are in a network}
  Set<String> members(String network) {
    Set<String> members = new TreeSet<>();
    services.forEach((name, service) -> {
      if (texts(service.path("networks")).contains(network)) {
        members.add(name);
      }
    });
    return members;
  }

  /// {@return the mounts of a service}
  static List<Mount> mounts(JsonNode service) {
    return StreamSupport.stream(service.path("volumes").spliterator(), false)
        .map(ResolvedStack::mount)
        .toList();
  }

  private static Mount mount(JsonNode node) {
    if (node.isObject()) {
      return new Mount(
          node.path("source").asString(),
          node.path("target").asString(),
          node.path("read_only").asBoolean());
    }
    String[] parts = node.asString().split(":", -1);
    return new Mount(parts[0], parts[1], parts.length > 2 && parts[2].equals("ro"));
  }

  /// {@return the elements of a list, the keys of a map, or a single text; empty if absent}
  static Collection<String> texts(JsonNode node) {
    if (node.isObject()) {
      return node.propertyNames();
    }
    if (node.isArray()) {
      return StreamSupport.stream(node.spliterator(), false).map(JsonNode::asString).toList();
    }
    return node.isMissingNode() || node.isNull() ? List.of() : List.of(node.asString());
  }
}
