package dev.postern.server.heads;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.protocol.http.HttpServerConnection;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.xnio.StreamConnection;

/// Bounds how many connections may be in the middle of a large head.
///
/// A head may have 1 MiB, and the server keeps all of it in memory from its first byte on, before
/// anybody could refuse it: hundreds of connections that send large heads at once would fill the
/// memory. So whoever goes beyond the size of usual heads needs one of a few places, and is not
/// read from while there is none. Heads of usual size never wait. A place is had until the head has
/// become a request, whose bytes are counted from then on, or the connection ends, for which the
/// time that a head may take is the bound.
public final class LargeHeads {
  /// No browser sends more unless its cookies have got out of hand.
  static final int USUAL_BYTES = 32 * 1024;

  private final Consumer<StreamConnection> tls;
  private final Map<StreamConnection, HeadSource> sources = new ConcurrentHashMap<>();
  // Mutable state; guarded by this.
  private final Set<HeadSource> waiting = new LinkedHashSet<>();
  private int free;

  /// Makes the places.
  ///
  /// @param places how many heads may be large at a time
  /// @param tls told of connections on which a TLS handshake begins where a head should
  public LargeHeads(int places, Consumer<StreamConnection> tls) {
    free = places;
    this.tls = tls;
  }

  /// Watches a connection that has just been accepted.
  ///
  /// @param connection speaks HTTP/1.1 without TLS
  public void watch(StreamConnection connection) {
    HeadSource source = new HeadSource(connection, this);
    sources.put(connection, source);
    connection.getSourceChannel().setConduit(source);
  }

  /// Tells of heads that have become requests.
  ///
  /// @param next answers the requests
  /// @return a handler around it
  public HttpHandler around(HttpHandler next) {
    return exchange -> {
      begun(exchange);
      next.handleRequest(exchange);
    };
  }

  private void begun(HttpServerExchange exchange) {
    HeadSource source =
        exchange.getConnection() instanceof HttpServerConnection http
            ? sources.get(http.getChannel())
            : null;
    if (source == null) {
      return;
    }
    boolean hasBody = !exchange.isRequestComplete();
    source.headEnded(hasBody);
    if (hasBody) {
      exchange.addExchangeCompleteListener((_, chain) -> {
        source.bodyEnded();
        chain.proceed();
      });
    }
  }

  /// A TLS handshake begins where a head should.
  void isTls(StreamConnection connection) {
    tls.accept(connection);
  }

  /// How many connections are watched.
  int watched() {
    return sources.size();
  }

  /// How many places are free.
  synchronized int free() {
    return free;
  }

  /// Takes a place, or a turn to be given one by [HeadSource#granted].
  synchronized boolean take(HeadSource source) {
    if (free > 0) {
      free--;
      return true;
    }
    waiting.add(source);
    return false;
  }

  /// Gives a place back, to the one who has waited longest.
  void give() {
    HeadSource next = nextOrFree();
    if (next != null) {
      next.granted();
    }
  }

  private synchronized @Nullable HeadSource nextOrFree() {
    Iterator<HeadSource> turns = waiting.iterator();
    if (!turns.hasNext()) {
      free++;
      return null;
    }
    HeadSource next = turns.next();
    turns.remove();
    return next;
  }

  /// Forgets a connection that has ended.
  void ended(StreamConnection connection, HeadSource source) {
    sources.remove(connection);
    synchronized (this) {
      waiting.remove(source);
    }
  }
}
