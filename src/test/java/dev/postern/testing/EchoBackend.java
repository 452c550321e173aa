package dev.postern.testing;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/// The protected application: responds to each request with the request's head as text, and records
/// all requests.
public final class EchoBackend implements AutoCloseable {
  private final List<RawMessage> requests = new CopyOnWriteArrayList<>();
  private final RawServer server = RawServer.start(this::answer);

  /// {@return scheme, host and port}
  public URI url() {
    return server.url();
  }

  /// {@return every request so far}
  public List<RawMessage> requests() {
    return List.copyOf(requests);
  }

  private void answer(RawMessage request, RawServer.Connection connection) throws IOException {
    requests.add(request);
    String body =
        request.startLine()
            + "\r\n"
            + request.fields().stream().map(Field::toString).collect(Collectors.joining("\r\n"));
    connection.write(
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n"
            + (request.method().equals("HEAD") ? "" : body));
  }

  @Override
  public void close() {
    server.close();
  }
}
