package dev.postern.testing.program;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/// Optional programs that tests use. A system property (`postern.traefik=/path`) sets the path;
/// otherwise the program is searched on the `PATH`.
public enum ExternalProgram {
  /// Traefik 3.7
  TRAEFIK("traefik"),
  /// a browser
  CHROMIUM("chromium"),
  /// Prometheus
  PROMETHEUS("prometheus"),
  /// Prometheus's checker, from the same package
  PROMTOOL("promtool"),
  /// Redis
  REDIS_SERVER("redis-server"),
  /// tests fail2ban filters on a log
  FAIL2BAN_REGEX("fail2ban-regex"),
  /// creates reports from access logs
  GOACCESS("goaccess"),
  /// validates files against the compose specification's schema
  CHECK_JSONSCHEMA("check-jsonschema"),
  /// resolves compose files
  PODMAN_COMPOSE("podman-compose"),
  /// Go's tools, for the Traefik plugin
  GO("go"),
  /// a web server, for docs/migrating.md
  NGINX("nginx"),
  /// conformance tests of HTTP/2
  H2SPEC("h2spec"),
  /// sets limits of a running process, from util-linux
  PRLIMIT("prlimit");

  private final String command;

  ExternalProgram(String command) {
    this.command = command;
  }

  /// {@return the name of the command and, after `postern.`, of the system property}
  public String command() {
    return command;
  }

  /// {@return the executable file, empty when it is not installed}
  ///
  /// @throws IllegalStateException when the system property names a file that is not executable
  public Optional<Path> find() {
    String named = System.getProperty("postern." + command);
    if (named == null) {
      return onPath().filter(Files::isExecutable).findFirst();
    }
    Path file = Path.of(named);
    if (!Files.isExecutable(file)) {
      throw new IllegalStateException(
          "postern.%s is %s, which cannot be executed".formatted(command, named));
    }
    return Optional.of(file);
  }

  /// {@return the executable file}
  ///
  /// @throws IllegalStateException when it is not installed
  public Path require() {
    return find()
        .orElseThrow(() ->
            new IllegalStateException(
                "%s is not installed: put it on the PATH or set -Dpostern.%s=/path/to/%s"
                    .formatted(command, command, command)));
  }

  private Stream<Path> onPath() {
    String path = Objects.requireNonNullElse(System.getenv("PATH"), "");
    return Arrays.stream(path.split(File.pathSeparator, -1))
        .filter(directory -> !directory.isEmpty())
        .map(directory -> Path.of(directory, command));
  }
}
