package dev.postern.testing.upstream;

import dev.postern.testing.RawMessage;
import dev.postern.testing.RawServer;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// Answers every request with one recorded answer, byte for byte, and keeps the requests.
public final class ReplayUpstream implements AutoCloseable {
  private final List<RawMessage> requests = new CopyOnWriteArrayList<>();
  private final RawServer server = RawServer.start(this::answer);
  private volatile @Nullable Exchange current;

  /// {@return scheme, host and port}
  public URI url() {
    return server.url();
  }

  /// Chooses the answer and forgets the requests so far.
  ///
  /// @param exchange whose answer is given from now on
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
