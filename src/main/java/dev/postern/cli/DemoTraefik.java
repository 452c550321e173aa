package dev.postern.cli;

import dev.postern.app.Sidecar;
import dev.postern.app.StartException;
import dev.postern.demo.Demo;
import dev.postern.demo.front.ForwardAuth;
import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A real Traefik in front of the demo, as a child process.
final class DemoTraefik implements AutoCloseable {
  private static final String AUTH = "/outpost.goauthentik.io/auth/traefik";
  private static final int READY_ATTEMPTS = 200;

  private final Process process;

  private DemoTraefik(Process process) {
    this.process = process;
  }

  /// Finds the program.
  ///
  /// @param wanted a path, `none`, or empty for the one on the `PATH`
  /// @return the program, or empty for the built-in proxy
  /// @throws StartException if the path is not an executable file
  static Optional<Path> find(String wanted, Map<String, String> environment) throws StartException {
    if (wanted.equals("none")) {
      return Optional.empty();
    }
    if (!wanted.isEmpty()) {
      if (!Files.isExecutable(Path.of(wanted))) {
        throw new StartException(
            "--traefik=" + wanted + " is not executable; use none for the built-in proxy");
      }
      return Optional.of(Path.of(wanted));
    }
    return Stream.of(environment.getOrDefault("PATH", "").split(File.pathSeparator))
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, "traefik"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /// Starts Traefik and waits until it serves the start page.
  static DemoTraefik start(Path program, Path directory, Demo demo, Sidecar postern)
      throws StartException {
    try {
      Path dynamic = directory.resolve("dynamic.yml");
      Files.writeString(dynamic, dynamic(demo, postern));
      Path log = directory.resolve("traefik.log");
      Process process =
          new ProcessBuilder(
                  program.toString(),
                  "--entryPoints.web.address=127.0.0.1:" + demo.address().getPort(),
                  "--entryPoints.web.http.aliasHeadersStrategy=delete",
                  "--providers.file.filename=" + dynamic,
                  "--global.checkNewVersion=false",
                  "--global.sendAnonymousUsage=false",
                  "--log.level=ERROR")
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      DemoTraefik traefik = new DemoTraefik(process);
      if (!traefik.isReady(demo.address())) {
        traefik.close();
        throw new StartException(program + " does not respond: " + Files.readString(log).strip());
      }
      return traefik;
    } catch (IOException e) {
      throw new StartException(program + " cannot be started: " + e.getMessage(), e);
    }
  }

  private boolean isReady(InetSocketAddress address) throws IOException {
    for (int attempt = 0; attempt < READY_ATTEMPTS && process.isAlive(); attempt++) {
      if (isServing(address)) {
        return true;
      }
      try {
        process.waitFor(50, TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
    return false;
  }

  /// Traefik loads the routers some time after it opens the port: until then all requests get 404.
  private static boolean isServing(InetSocketAddress address) {
    try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
      String request = "GET / HTTP/1.1\r\nHost: " + Demo.DOMAIN + "\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
      byte[] status = socket.getInputStream().readNBytes("HTTP/1.1 200".length());
      return new String(status, java.nio.charset.StandardCharsets.US_ASCII).endsWith(" 200");
    } catch (IOException notYet) {
      return false;
    }
  }

  private static String dynamic(Demo demo, Sidecar postern) {
    int outpost = demo.identityProvider().address().getPort();
    List<String> routers = new ArrayList<>();
    // For localhost and other unknown hosts: the pages' server links the start page.
    routers.add("    unknown: { rule: 'PathPrefix(`/`)', priority: 1, service: pages }");
    routers.add(router("home", "", ""));
    routers.add(router("auth", "auth.", ""));
    routers.add(outpostRouter("auth", "auth.", "postern"));
    for (String name : List.of("photos", "whoami", "vault")) {
      routers.add(router(name, name + ".", "through"));
      routers.add(outpostRouter(name, name + ".", "postern"));
    }
    routers.add(router("direct", "photos-direct.", "direct"));
    routers.add(outpostRouter("direct", "photos-direct.", "outpost"));
    return """
    http:
      routers:
    %s
      middlewares:
        through:
          forwardAuth:
            address: https://127.0.0.1:%d%s
            tls: { insecureSkipVerify: true }
            trustForwardHeader: false
            maxResponseBodySize: -1
            authResponseHeaders: %s
        direct:
          forwardAuth:
            address: http://127.0.0.1:%d%s
            trustForwardHeader: false
            maxResponseBodySize: -1
            authResponseHeaders: %s
      services:
        pages: { loadBalancer: { servers: [ { url: "http://127.0.0.1:%d" } ] } }
        postern: { loadBalancer: { servers: [ { url: "http://127.0.0.1:%d" } ] } }
        outpost: { loadBalancer: { servers: [ { url: "http://127.0.0.1:%d" } ] } }
    """
        .formatted(
            String.join("\n", routers),
            postern.authsPort(),
            AUTH,
            ForwardAuth.AUTHENTIK_HEADERS,
            outpost,
            AUTH,
            ForwardAuth.AUTHENTIK_HEADERS,
            demo.servicesAddress().getPort(),
            postern.authPort(),
            outpost);
  }

  private static String router(String name, String label, String middleware) {
    return "    %s: { rule: 'Host(`%s%s`)', middlewares: [%s], service: pages }"
        .formatted(name, label, Demo.DOMAIN, middleware);
  }

  private static String outpostRouter(String name, String label, String service) {
    return "    %s-outpost: { rule: 'Host(`%s%s`) && PathPrefix(`/outpost.goauthentik.io/`)', service: %s }"
        .formatted(name, label, Demo.DOMAIN, service);
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  /// Removes a temporary folder.
  static void deleteAll(Path directory) throws IOException {
    if (Files.notExists(directory)) {
      return;
    }
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
