package dev.postern.stack;

import dev.postern.testing.RawMessage;
import dev.postern.testing.RawServer;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import tools.jackson.databind.json.JsonMapper;

/// Stands for the socket proxy: the part of Docker's API that the proxy allows, with containers
/// from the compose files. Each has the address 127.0.0.1 and, instead of the port of its label,
/// the port of the service on this machine.
final class SocketProxy implements AutoCloseable {
  private static final String VERSION = "1.44";
  private static final String PORT_LABEL = ".loadbalancer.server.port";

  private final List<ComposeFiles.Service> services;
  private final ToIntFunction<String> ports;
  private final RawServer server = RawServer.start(this::answer);

  /// @param services the containers
  /// @param ports port by service name
  SocketProxy(List<ComposeFiles.Service> services, ToIntFunction<String> ports) {
    this.services = services;
    this.ports = ports;
  }

  int port() {
    return server.port();
  }

  private void answer(RawMessage request, RawServer.Connection connection) throws IOException {
    String path = request.path().replaceFirst("^/v[0-9.]+", "");
    switch (path) {
      case "/_ping" -> write(connection, "text/plain", "OK");
      case "/version" ->
          json(
              connection,
              Map.of("Version", "28.5.2", "ApiVersion", VERSION, "MinAPIVersion", "1.24"));
      case "/containers/json" -> json(connection, services.stream().map(this::summary).toList());
      // Stays open: these containers have no events.
      case "/events" ->
          connection.write(
              """
              HTTP/1.1 200 OK\r
              Content-Type: application/json\r
              Transfer-Encoding: chunked\r
              \r
              """);
      default -> {
        for (ComposeFiles.Service service : services) {
          if (path.equals("/containers/" + service.name() + "/json")) {
            json(connection, details(service));
            return;
          }
        }
        connection.write("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
      }
    }
  }

  private Map<String, Object> summary(ComposeFiles.Service service) {
    return Map.of(
        "Id", service.name(),
        "Names", List.of("/postern-" + service.name() + "-1"),
        "Labels", labels(service),
        "State", "running",
        "HostConfig", Map.of("NetworkMode", "postern_default"),
        "NetworkSettings", networks(service));
  }

  private Map<String, Object> details(ComposeFiles.Service service) {
    return Map.of(
        "Id", service.name(),
        "Name", "/postern-" + service.name() + "-1",
        "State", Map.of("Status", "running", "Running", true),
        "Config", Map.of("Labels", labels(service)),
        "HostConfig", Map.of("NetworkMode", "postern_default"),
        "NetworkSettings", networks(service));
  }

  private Map<String, String> labels(ComposeFiles.Service service) {
    Map<String, String> labels = new LinkedHashMap<>(service.labels());
    labels.replaceAll((key, value) ->
        key.endsWith(PORT_LABEL) ? Integer.toString(ports.applyAsInt(service.name())) : value);
    return labels;
  }

  private static Map<String, Object> networks(ComposeFiles.Service service) {
    Map<String, Object> networks = new LinkedHashMap<>();
    service
        .networks()
        .forEach(name -> networks.put(name, Map.of("NetworkID", name, "IPAddress", "127.0.0.1")));
    return Map.of("Networks", networks);
  }

  private static void json(RawServer.Connection connection, Object value) throws IOException {
    write(connection, "application/json", JsonMapper.shared().writeValueAsString(value));
  }

  private static void write(RawServer.Connection connection, String type, String body)
      throws IOException {
    connection.write(
        """
        HTTP/1.1 200 OK\r
        Api-Version: %s\r
        Ostype: linux\r
        Content-Type: %s\r
        Content-Length: %d\r
        \r
        %s\
        """
            .formatted(VERSION, type, body.length(), body));
  }

  @Override
  public void close() {
    server.close();
  }
}
