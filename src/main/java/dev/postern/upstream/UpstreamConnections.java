package dev.postern.upstream;

import dev.postern.net.Endpoint;
import dev.postern.upstream.wire.HttpConnection;
import io.undertow.UndertowOptions;
import io.undertow.connector.ByteBufferPool;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.xnio.ChannelListener;
import org.xnio.IoFuture;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.StreamConnection;
import org.xnio.XnioIoThread;
import org.xnio.ssl.XnioSsl;

/// Connections to the upstream, kept open between calls.
///
/// Each I/O thread has its own, so that nothing is shared or locked. HTTP/1.1 alone: the outpost
/// offers nothing else (authentik-contract 1.1).
public final class UpstreamConnections {
  /// Below the 120 s after which the outpost itself closes an idle connection.
  private static final long IDLE_SECONDS = 60;

  /// A connection in use by one call.
  ///
  /// @param connection the connection
  /// @param reused whether it has served a call before, so that the upstream may be closing it
  public record Lease(HttpConnection connection, boolean reused) {}

  private record Idle(HttpConnection connection, long sinceNanos) {}

  /// The idle connections of one I/O thread; touched by no other.
  private static final class Shelf {
    final Deque<Idle> idle = new ArrayDeque<>();
    boolean sweeping;
  }

  private final Endpoint url;
  private final @Nullable UpstreamTlsContext tls;
  private final @Nullable XnioSsl ssl;
  private final OptionMap options;
  private final IoWorker io;
  private final Map<XnioIoThread, Shelf> shelves = new ConcurrentHashMap<>();

  /// Makes an empty pool.
  ///
  /// @param url where to connect to
  /// @param tls TLS for an `https` URL, or null
  /// @param io the threads to use
  public UpstreamConnections(Endpoint url, @Nullable UpstreamTlsContext tls, IoWorker io) {
    this.url = url;
    this.tls = tls;
    this.io = io;
    this.ssl = tls == null ? null : tls.xnioSsl(io);
    OptionMap.Builder builder = OptionMap.builder();
    builder.set(Options.TCP_NODELAY, true);
    if (tls != null) {
      // The address is resolved beforehand, so the name has to be given apart.
      builder.set(UndertowOptions.SSL_SNI_HOSTNAME, tls.serverName());
      if (tls.checksName()) {
        builder.set(UndertowOptions.ENDPOINT_IDENTIFICATION_ALGORITHM, "HTTPS");
      }
    }
    options = builder.getMap();
  }

  /// The upstream's `Host` header.
  ///
  /// @return host, and port where the URL has one
  public String authority() {
    return url.authority();
  }

  ByteBufferPool buffers() {
    return io.buffers();
  }

  /// Takes a connection.
  ///
  /// @param thread the I/O thread that the caller runs on, and that the callbacks will run on
  /// @param fresh whether only a new connection will do
  /// @param opened receives the connection
  /// @param failed receives the reason when there is none to be had
  public void open(
      XnioIoThread thread, boolean fresh, Consumer<Lease> opened, Consumer<IOException> failed) {
    Shelf shelf = shelf(thread);
    Idle kept = fresh ? null : shelf.idle.pollFirst();
    while (kept != null) {
      if (kept.connection().isSilent()) {
        opened.accept(new Lease(kept.connection(), true));
        return;
      }
      kept = shelf.idle.pollFirst();
    }
    resolve(thread, opened, failed);
  }

  /// Name servers can be slow, and an I/O thread must not wait for them.
  private void resolve(XnioIoThread thread, Consumer<Lease> opened, Consumer<IOException> failed) {
    Thread.ofVirtual()
        .name("postern-resolve")
        .start(() -> {
          try {
            InetAddress[] addresses = InetAddress.getAllByName(url.host().text());
            thread.execute(() -> connect(thread, addresses, 0, opened, failed));
          } catch (UnknownHostException unknown) {
            thread.execute(() -> failed.accept(unknown));
          }
        });
  }

  private void connect(
      XnioIoThread thread,
      InetAddress[] addresses,
      int index,
      Consumer<Lease> opened,
      Consumer<IOException> failed) {
    InetSocketAddress address = new InetSocketAddress(named(addresses[index]), port());
    Opening opening = new Opening(thread, opened, failed);
    ChannelListener<StreamConnection> open = opening::connected;
    IoFuture<? extends StreamConnection> attempt =
        ssl == null
            ? thread.openStreamConnection(address, open, options)
            : ssl.openSslConnection(thread, address, open, options);
    attempt.addNotifier(
        (future, _) -> {
          if (future.getStatus() != IoFuture.Status.FAILED) {
            return;
          }
          thread.execute(() -> {
            if (index + 1 < addresses.length && opening.giveUp()) {
              connect(thread, addresses, index + 1, opened, failed);
            } else {
              opening.failed(future.getException());
            }
          });
        },
        null);
  }

  /// TLS falls back to the name of the address when the certificate does not fit the server's name,
  /// so both have to be the same.
  private InetAddress named(InetAddress address) {
    try {
      return tls == null
          ? address
          : InetAddress.getByAddress(tls.serverName(), address.getAddress());
    } catch (UnknownHostException impossible) {
      throw new IllegalStateException("an address has a legal length", impossible);
    }
  }

  private int port() {
    return url.port();
  }

  /// Gives a connection back for the next call.
  ///
  /// @param lease a lease whose exchange is over; one whose connection is of no more use is closed
  public void giveBack(Lease lease) {
    XnioIoThread thread = lease.connection().ioThread();
    // Only when the last read and write have returned is nobody left who listens to it.
    thread.execute(() -> shelve(thread, lease.connection()));
  }

  private void shelve(XnioIoThread thread, HttpConnection connection) {
    if (!connection.rest()) {
      return;
    }
    Shelf shelf = shelf(thread);
    shelf.idle.addFirst(new Idle(connection, System.nanoTime()));
    if (!shelf.sweeping) {
      sweepAfter(IDLE_SECONDS, thread, shelf);
    }
  }

  /// A thread that ends takes no more tasks, so that what is idle then is closed at once.
  private void sweepAfter(long seconds, XnioIoThread thread, Shelf shelf) {
    try {
      thread.executeAfter(() -> sweep(thread, shelf), seconds, TimeUnit.SECONDS);
      shelf.sweeping = true;
    } catch (RejectedExecutionException _) {
      shelf.idle.forEach(idle -> idle.connection().close());
      shelf.idle.clear();
    }
  }

  private void sweep(XnioIoThread thread, Shelf shelf) {
    long now = System.nanoTime();
    Idle oldest = shelf.idle.peekLast();
    while (oldest != null
        && (!oldest.connection().isSilent()
            || now - oldest.sinceNanos() >= TimeUnit.SECONDS.toNanos(IDLE_SECONDS) / 2)) {
      shelf.idle.removeLast();
      oldest.connection().close();
      oldest = shelf.idle.peekLast();
    }
    shelf.sweeping = false;
    if (!shelf.idle.isEmpty()) {
      sweepAfter(IDLE_SECONDS / 2, thread, shelf);
    }
  }

  private Shelf shelf(XnioIoThread thread) {
    return shelves.computeIfAbsent(thread, _ -> new Shelf());
  }
}
