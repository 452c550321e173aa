package dev.postern.testing.upstream;

import dev.postern.testing.RawMessage;
import dev.postern.testing.RawServer;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// Responds to every request with one recorded response, byte for byte, and records the requests.
public final class ReplayUpstream implements AutoCloseable {
  private final List<RawMessage> requests = new CopyOnWriteArrayList<>();
  private final RawServer server = RawServer.start(this::answer);
  private volatile @Nullable Exchange current;

  /// {@return scheme, host and port}
  public URI url() {
    return server.url();
  }

  /// Selects the response and clears the recorded requests.
  ///
  /// @param exchange the exchange with the response
  public void play(Exchange exchange) {
    requests.clear();
    current = exchange;
  }

  /// {@return the requests since the last [#play]}
  public List<RawMessage> requests() {
    return List.copyOf(requests);
  }

  private void answer(RawMessage request, RawServer.Connection connection) throws IOException {
    requests.add(request);
    Exchange exchange = current;
    if (exchange == null || exchange.status() == 0) {
      connection.close();
      return;
    }
    connection.write(exchange.answer());
    if (exchange.endsWithConnection()) {
      connection.close();
    }
  }

  @Override
  public void close() {
    server.close();
  }
}
