package dev.postern.plugin;

import dev.postern.testing.EchoBackend;
import dev.postern.testing.RawHttp;
import dev.postern.testing.RawMessage;
import dev.postern.testing.RawServer;
import dev.postern.testing.program.Traefik;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// Real Traefik with the plugin, an application behind it, and a fake Postern that sends scripted
/// responses and records requests.
final class PluginStage implements AutoCloseable {
  /// The static configuration that loads the plugin.
  static final String STATIC =
      "experimental: { localPlugins: { postern: { moduleName: postern.dev/traefik } } }\n";

  static final String PATH = "/outpost.goauthentik.io/auth/traefik";

  static final String ALLOW =
      """
      HTTP/1.1 200 OK
      X-authentik-uid: sub-alice
      X-authentik-username: alice
      Content-Length: 0

      """
          .replace("\n", "\r\n");

  final EchoBackend application = new EchoBackend();
  final RawServer postern;
  private final List<RawMessage> asked = new CopyOnWriteArrayList<>();
  private volatile RawServer.Handler answer = (_, connection) -> connection.write(ALLOW);
  private Traefik traefik;
  private int served;

  PluginStage() {
    postern =
        RawServer.start((request, connection) -> {
          asked.add(request);
          answer.answer(request, connection);
        });
  }

  /// Starts Traefik, which loads plugins from below its working directory.
  void start(Path directory, List<String> entryPoints, String dynamic) {
    start(directory, entryPoints, dynamic, "");
  }

  /// The same with additional static configuration.
  void start(Path directory, List<String> entryPoints, String dynamic, String more) {
    traefik = Traefik.startWithErrors(link(directory), entryPoints, dynamic, STATIC + more);
  }

  /// Links the plugin to where Traefik expects it.
  static Path link(Path directory) {
    try {
      Files.createDirectories(directory);
      Files.createSymbolicLink(
          directory.resolve("plugins-local"), Path.of("compose/plugins-local").toAbsolutePath());
      return directory;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The service `app` for a dynamic configuration.
  String service() {
    return """
      services:
        app: { loadBalancer: { servers: [{ url: "%s" }] } }
    """
        .formatted(application.url());
  }

  String url() {
    return postern.url().toString();
  }

  Traefik traefik() {
    return traefik;
  }

  void answers(String text) {
    answer = (_, connection) -> connection.write(text);
  }

  void answers(RawServer.Handler handler) {
    answer = handler;
  }

  /// The requests to the fake Postern since the last call.
  List<RawMessage> takeAuthRequests() {
    List<RawMessage> taken = List.copyOf(asked);
    asked.clear();
    return taken;
  }

  /// The requests to the application since the last call.
  List<RawMessage> takeApplicationRequests() {
    List<RawMessage> all = application.requests();
    List<RawMessage> taken = all.subList(served, all.size());
    served = all.size();
    return taken;
  }

  RawMessage send(String entryPoint, String request) throws IOException {
    return RawHttp.once(traefik.port(entryPoint), request);
  }

  @Override
  public void close() {
    if (traefik != null) {
      traefik.close();
    }
    postern.close();
    application.close();
  }
}
