package dev.postern.routing.source;

import dev.postern.config.Secret;
import dev.postern.config.tls.ClientTls;
import dev.postern.net.Endpoint;
import dev.postern.routing.source.ApiTarget.Advice;
import dev.postern.testing.RawMessage;
import dev.postern.testing.RawServer;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/// A server with a configurable response that records its requests.
final class FakeApi implements AutoCloseable {
  static final String SECRET = "Bearer s3cret-Zx9";

  final List<RawMessage> asked = new CopyOnWriteArrayList<>();
  private final RawServer server;
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile RawServer.Handler handler;

  FakeApi(RawServer.Handler first) {
    handler = first;
    server =
        RawServer.start((request, connection) -> {
          asked.add(request);
          handler.answer(request, connection);
        });
  }

  void answer(RawServer.Handler next) {
    handler = next;
  }

  /// Sends nothing more on a connection until the end of the test.
  void silence() throws IOException {
    try {
      closed.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  RawServer server() {
    return server;
  }

  ApiTarget target() {
    return target(server.url(), ClientTls.STANDARD, Duration.ofSeconds(20));
  }

  static ApiTarget target(URI endpoint, ClientTls tls, Duration timeout) {
    return new ApiTarget(
        "Traefik",
        "providers.traefik",
        Endpoint.of(endpoint.toString()),
        new Secret(SECRET),
        Duration.ofHours(1),
        timeout,
        tls,
        new Advice("check the credentials", "check the address"));
  }

  static RawServer.Handler json(String body) {
    return (request, connection) -> connection.write(ok(body));
  }

  static String ok(String body) {
    return "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
  }

  @Override
  public void close() {
    closed.countDown();
    server.close();
  }
}
