package dev.postern.stack;

import dev.postern.testing.Await;
import dev.postern.testing.RawHttp;
import dev.postern.testing.RawMessage;
import dev.postern.testing.program.ChildProcess;
import dev.postern.testing.program.ExternalProgram;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Real Traefik with the stack's static file and rules.
final class StackTraefik implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final Path directory;
  private final Ports ports;
  private final SSLContext trust;
  private final ChildProcess process;

  /// Ports of its entry points on 127.0.0.1.
  record Ports(int web, int websecure, int internal, int metrics) {
    static Ports of(List<Integer> free) {
      return new Ports(free.get(0), free.get(1), free.get(2), free.get(3));
    }
  }

  /// @param directory contains `traefik.yml`, `rules` and Traefik's output
  /// @param trust verifies its certificate
  StackTraefik(Path directory, Ports ports, SSLContext trust) {
    this.directory = directory;
    this.ports = ports;
    this.trust = trust;
    this.process =
        ChildProcess.start(
            directory.resolve("output"),
            List.of(
                ExternalProgram.TRAEFIK.require().toString(),
                "--configFile=" + directory.resolve("traefik.yml")),
            Map.of("DOMAIN", Stack.DOMAIN, "CF_DNS_API_TOKEN", "never-used"));
    try {
      Await.until("traefik serves files and labels", LIMIT, this::isReady);
    } catch (AssertionError e) {
      process.close();
      throw new AssertionError("traefik is not ready:\n" + process.log() + log(), e);
    }
  }

  /// Checks routers of both providers at the entry point itself, which may still use an older
  /// configuration than the API shows.
  private boolean isReady() throws IOException {
    return ask(Stack.host("whoami"), "/").status() == 200
        && ask(Stack.host("csf"), "/outpost.goauthentik.io/ping").status() == 204;
  }

  Ports ports() {
    return ports;
  }

  /// {@return its log}
  String log() {
    Path file = directory.resolve("traefik.log");
    try {
      return Files.exists(file) ? Files.readString(file) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Requests a page over TLS as a client from outside.
  RawMessage ask(String host, String target, String... headers) throws IOException {
    return ask(InetAddress.getLoopbackAddress(), host, target, headers);
  }

  /// Requests a page over TLS.
  ///
  /// @param from the client's address
  /// @param headers further header lines
  RawMessage ask(InetAddress from, String host, String target, String... headers)
      throws IOException {
    String request =
        "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n%s\r\n"
            .formatted(
                target, host, headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n");
    try (RawHttp http = connect(from, host)) {
      return http.exchange(request);
    }
  }

  /// Connects over TLS.
  ///
  /// @param from the client's address
  /// @param host the host name in the handshake (SNI)
  RawHttp connect(InetAddress from, String host) throws IOException {
    return RawHttp.connectTls(from, host, ports.websecure(), trust);
  }

  /// Requests the API as Postern does.
  JsonNode api(String path) throws IOException {
    RawMessage answer =
        RawHttp.once(ports.internal(), RawHttp.get(path, "Host: localhost", "Connection: close"));
    return JsonMapper.shared().readTree(answer.body());
  }

  @Override
  public void close() {
    process.close();
  }
}
