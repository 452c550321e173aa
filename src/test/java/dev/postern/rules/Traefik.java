package dev.postern.rules;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A real Traefik with a dynamic configuration file and entry points `e0`, `e1`, … on free loopback
/// ports that accept the PROXY protocol. Stops with its test.
final class Traefik implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final HttpClient http = HttpClient.newHttpClient();
  private final Path directory;
  private final Process process;
  private final int apiPort;
  private final List<Integer> ports;

  private Traefik(Path directory, Process process, List<Integer> ports) {
    this.directory = directory;
    this.process = process;
    this.apiPort = ports.getFirst();
    this.ports = ports.subList(1, ports.size());
  }

  /// The binary named by the system property `postern.traefik`, or the one on the path.
  static Optional<Path> binary() {
    String named = System.getProperty("postern.traefik");
    if (named != null) {
      return Optional.of(Path.of(named));
    }
    String path = System.getenv().getOrDefault("PATH", "");
    return Stream.of(path.split(File.pathSeparator, -1))
        .filter(entry -> !entry.isEmpty())
        .map(entry -> Path.of(entry, "traefik"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /// Starts with that many entry points and returns when the process responds. Tries again if it
  /// ends, because another program may have taken one of its ports.
  static Traefik start(Path binary, int entryPoints, String dynamic) throws IOException {
    for (int left = 2; ; left--) {
      try {
        return startOnce(binary, entryPoints, dynamic);
      } catch (IllegalStateException e) {
        if (left == 0) {
          throw e;
        }
      }
    }
  }

  private static Traefik startOnce(Path binary, int entryPoints, String dynamic)
      throws IOException {
    Path directory = Files.createTempDirectory("traefik");
    List<Integer> ports = freePorts(entryPoints + 1);
    StringBuilder configuration = new StringBuilder("entryPoints:\n");
    configuration.append("  traefik: {address: \"127.0.0.1:%d\"}\n".formatted(ports.getFirst()));
    for (int i = 0; i < entryPoints; i++) {
      configuration.append(
          "  e%d: {address: \"127.0.0.1:%d\", proxyProtocol: {insecure: true}}\n"
              .formatted(i, ports.get(i + 1)));
    }
    configuration.append(
        """
        global: {checkNewVersion: false, sendAnonymousUsage: false}
        api: {insecure: true}
        ping: {entryPoint: traefik}
        log: {level: FATAL}
        providers: {file: {filename: "%s", watch: false}}
        """
            .formatted(directory.resolve("dynamic.yml")));
    Files.writeString(directory.resolve("dynamic.yml"), dynamic);
    Path file = Files.writeString(directory.resolve("static.yml"), configuration);
    Process process =
        new ProcessBuilder(binary.toString(), "--configFile=" + file)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("traefik.log").toFile())
            .start();
    Traefik traefik = new Traefik(directory, process, ports);
    try {
      traefik.await("ping", () -> traefik.get("/ping").isPresent());
    } catch (IllegalStateException e) {
      traefik.close();
      throw e;
    }
    return traefik;
  }

  private static List<Integer> freePorts(int count) throws IOException {
    List<ServerSocket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
      }
      return sockets.stream().map(ServerSocket::getLocalPort).toList();
    } finally {
      for (ServerSocket socket : sockets) {
        socket.close();
      }
    }
  }

  int port(int entryPoint) {
    return ports.get(entryPoint);
  }

  /// All routers in the API.
  List<JsonNode> routers() {
    List<JsonNode> routers = new ArrayList<>();
    JsonNode page =
        JsonMapper.shared().readTree(get("/api/http/routers?per_page=100000").orElseThrow());
    page.forEach(routers::add);
    return routers;
  }

  /// Waits until a condition holds.
  void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end || !process.isAlive()) {
        throw new IllegalStateException(
            "Traefik: no " + what + " within " + PATIENCE + "\n" + log());
      }
      LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
    }
  }

  private Optional<String> get(String target) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + apiPort + target))
            .timeout(Duration.ofSeconds(10))
            .build();
    try {
      HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
      return response.statusCode() == 200 ? Optional.of(response.body()) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private String log() {
    try {
      return Files.readString(directory.resolve("traefik.log"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
      try (Stream<Path> files = Files.walk(directory)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    http.close();
  }
}
