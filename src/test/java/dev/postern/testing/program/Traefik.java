package dev.postern.testing.program;

import dev.postern.testing.Await;
import dev.postern.testing.RawHttp;
import dev.postern.testing.RawMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/// Real Traefik with plain entry points on free ports and the file provider.
public final class Traefik implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofSeconds(30);

  private final Path directory;
  private final List<String> entryPoints;
  private final String more;
  private final Map<String, String> options = new LinkedHashMap<>();
  private final Map<String, Integer> ports = new HashMap<>();
  private int generation;
  private ChildProcess process;

  private Traefik(Path directory, List<String> entryPoints, String dynamic, String more)
      throws IOException {
    this.directory = directory;
    this.more = more;
    for (String entryPoint : entryPoints) {
      int comma = entryPoint.indexOf(',');
      options.put(
          comma < 0 ? entryPoint : entryPoint.substring(0, comma),
          comma < 0 ? "" : entryPoint.substring(comma));
    }
    this.entryPoints = List.copyOf(options.keySet());
    Files.createDirectories(directory.resolve("dynamic"));
    writeDynamic(dynamic);
    this.process = launch();
    // Another program may take a port between the search and the start.
    for (int attempt = 0; attempt < 3 && !listens(); attempt++) {
      process.close();
      this.process = launch();
    }
  }

  /// Starts Traefik and waits until every router of the configuration is in use.
  ///
  /// @param directory an empty directory for its files
  /// @param entryPoints names of the entry points, each plain HTTP
  /// @param dynamic the dynamic configuration, YAML
  /// @return the running proxy
  /// @throws UncheckedIOException when its files cannot be written
  /// @throws AssertionError when it is not ready in time or a router has an error
  public static Traefik start(Path directory, List<String> entryPoints, String dynamic) {
    return start(directory, entryPoints, dynamic, "");
  }

  /// Starts Traefik with additional static configuration.
  ///
  /// @param directory an empty directory for its files
  /// @param entryPoints names of the entry points, each plain HTTP; after a comma options of one,
  ///   YAML
  /// @param dynamic the dynamic configuration, YAML
  /// @param more further sections of the static configuration, YAML
  /// @return the running proxy
  /// @throws UncheckedIOException when its files cannot be written
  /// @throws AssertionError when it is not ready in time or a router has an error
  public static Traefik start(
      Path directory, List<String> entryPoints, String dynamic, String more) {
    Traefik traefik = startWithErrors(directory, entryPoints, dynamic, more);
    try {
      traefik.requireNoErrors();
      return traefik;
    } catch (IOException e) {
      traefik.close();
      throw new UncheckedIOException(e);
    } catch (AssertionError e) {
      traefik.close();
      throw e;
    }
  }

  /// Starts Traefik and waits until it uses the configuration; routers may have errors.
  ///
  /// @param directory an empty directory for its files
  /// @param entryPoints names of the entry points, each plain HTTP
  /// @param dynamic the dynamic configuration, YAML
  /// @return the running proxy
  /// @throws UncheckedIOException when its files cannot be written
  /// @throws AssertionError when it is not ready in time
  public static Traefik startWithErrors(Path directory, List<String> entryPoints, String dynamic) {
    return startWithErrors(directory, entryPoints, dynamic, "");
  }

  /// The same with additional static configuration.
  ///
  /// @param directory an empty directory for its files, and Traefik's working directory
  /// @param entryPoints names of the entry points, each plain HTTP; after a comma options of one,
  ///   YAML
  /// @param dynamic the dynamic configuration, YAML
  /// @param more further sections of the static configuration, YAML
  /// @return the running proxy
  /// @throws UncheckedIOException when its files cannot be written
  /// @throws AssertionError when it is not ready in time
  public static Traefik startWithErrors(
      Path directory, List<String> entryPoints, String dynamic, String more) {
    try {
      Traefik traefik = new Traefik(directory, entryPoints, dynamic, more);
      try {
        traefik.awaitReady();
        return traefik;
      } catch (AssertionError e) {
        traefik.close();
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The port of an entry point.
  ///
  /// @param entryPoint its name
  public int port(String entryPoint) {
    return Objects.requireNonNull(ports.get(entryPoint), entryPoint);
  }

  /// Replaces the dynamic configuration and waits until every entry point uses the new one.
  ///
  /// @param dynamic the new dynamic configuration, YAML
  /// @throws UncheckedIOException when the file cannot be written
  public void reconfigure(String dynamic) {
    try {
      writeDynamic(dynamic);
      awaitReady();
      requireNoErrors();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// {@return what Traefik has logged so far}
  public String log() {
    return process.log();
  }

  /// Sends a request to Traefik's API.
  ///
  /// @param path path below the API's port, `/api/overview` for example
  /// @return the JSON of the response
  public JsonNode api(String path) throws IOException {
    RawMessage answer =
        RawHttp.once(port("traefik"), RawHttp.get(path, "Host: localhost", "Connection: close"));
    return new ObjectMapper().readTree(answer.body());
  }

  @Override
  public void close() {
    process.close();
  }

  private ChildProcess launch() throws IOException {
    List<Integer> free = FreePorts.find(entryPoints.size() + 1);
    ports.put("traefik", free.getLast());
    StringBuilder points = new StringBuilder();
    for (int i = 0; i < entryPoints.size(); i++) {
      String name = entryPoints.get(i);
      ports.put(name, free.get(i));
      points.append(
          "  %s: { address: \"127.0.0.1:%d\"%s }%n"
              .formatted(name, free.get(i), options.get(name)));
    }
    String configuration =
        """
        global: { checkNewVersion: false, sendAnonymousUsage: false }
        log: { level: INFO, noColor: true }
        ping: {}
        api: { insecure: true }
        providers:
          providersThrottleDuration: 100ms
          file: { directory: "%s", watch: true }
        entryPoints:
          traefik: { address: "127.0.0.1:%d" }
        %s%s
        """
            .formatted(directory.resolve("dynamic"), free.getLast(), points, more);
    Path file = Files.writeString(directory.resolve("traefik.yml"), configuration);
    return ChildProcess.startIn(
        directory.resolve("traefik.log"),
        List.of(ExternalProgram.TRAEFIK.require().toString(), "--configFile=" + file),
        directory);
  }

  /// Files are read together, and the second is written last: if its path works, the first is in
  /// effect.
  private void writeDynamic(String dynamic) throws IOException {
    generation++;
    replace("test.yml", dynamic);
    replace(
        "ready.yml",
        """
        http:
          routers:
            kit-ready: { rule: "Path(`%s`)", service: "ping@internal", priority: 100000 }
        """
            .formatted(readyPath()));
  }

  private void replace(String name, String text) throws IOException {
    Path written = Files.writeString(directory.resolve(name + ".new"), text);
    Files.move(
        written,
        directory.resolve("dynamic").resolve(name),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  private String readyPath() {
    return "/kit-ready-" + generation;
  }

  private boolean listens() {
    try {
      Await.until(
          "traefik answers or ends",
          START_LIMIT,
          () -> !process.isAlive() || isOk(port("traefik"), "/ping"));
    } catch (AssertionError e) {
      process.close();
      throw new AssertionError("traefik does not start:\n" + log(), e);
    }
    return process.isAlive();
  }

  /// The API may show a configuration that an entry point does not use yet, so both are checked.
  private void awaitReady() {
    try {
      for (String entryPoint : entryPoints) {
        Await.until(
            entryPoint + " is ready", START_LIMIT, () -> isOk(port(entryPoint), readyPath()));
      }
    } catch (AssertionError e) {
      throw new AssertionError("traefik is not ready:\n" + log(), e);
    }
  }

  private void requireNoErrors() throws IOException {
    for (JsonNode router : api("/api/http/routers")) {
      if (!router.get("status").asString().equals("enabled")) {
        throw new AssertionError("router with an error: " + router + "\n" + log());
      }
    }
  }

  private static boolean isOk(int port, String path) throws IOException {
    return RawHttp.once(port, RawHttp.get(path, "Host: localhost", "Connection: close")).status()
        == 200;
  }
}
