package dev.postern.demo.http;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Clock;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A blocking HTTP/1.1 server with one virtual thread per connection, on loopback by default.
///
/// Connections are kept alive and pipelined requests handled in order. Header blocks above 1 MiB
/// get 431 and malformed requests 400, both in the form of Go's server.
public final class HttpServer implements AutoCloseable {
  private static final int IDLE_MILLIS = 120_000;
  private static final int BACKLOG = 512;

  private final HttpHandler handler;
  private final Clock clock;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
  private final InetSocketAddress address;

  /// Guards [#listener].
  private final ReentrantLock lock = new ReentrantLock();

  private @Nullable Listener listener;

  /// A listening socket; the port is free again only after the accepting thread has ended.
  private record Listener(ServerSocket socket, CountDownLatch left) {
    void close() {
      closeQuietly(socket);
      boolean interrupted = Thread.interrupted();
      try {
        left.await();
      } catch (InterruptedException e) {
        interrupted = true;
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private HttpServer(InetSocketAddress wanted, HttpHandler handler, Clock clock) {
    this.handler = handler;
    this.clock = clock;
    Listener opened = new Listener(open(wanted), new CountDownLatch(1));
    this.listener = opened;
    this.address = new InetSocketAddress(wanted.getAddress(), opened.socket().getLocalPort());
    threads.execute(() -> accept(opened));
  }

  /// Starts a server on loopback.
  ///
  /// @param port the port, 0 for a free one
  /// @param clock the source of `Date` lines
  /// @return the running server
  /// @throws UncheckedIOException if the port cannot be bound
  public static HttpServer start(int port, HttpHandler handler, Clock clock) {
    return new HttpServer(loopback(port), handler, clock);
  }

  /// Starts a server on any address.
  ///
  /// @param address the address and the port, 0 for a free one
  /// @param clock the source of `Date` lines
  /// @return the running server
  /// @throws UncheckedIOException if the address cannot be bound
  public static HttpServer start(InetSocketAddress address, HttpHandler handler, Clock clock) {
    return new HttpServer(address, handler, clock);
  }

  private static ServerSocket open(InetSocketAddress address) {
    try {
      ServerSocket socket = new ServerSocket();
      socket.setReuseAddress(true);
      socket.bind(address, BACKLOG);
      return socket;
    } catch (IOException e) {
      String named = address.getHostString() + ":" + address.getPort();
      throw new UncheckedIOException("Cannot listen on " + named + ": " + e.getMessage(), e);
    }
  }

  private static InetSocketAddress loopback(int port) {
    try {
      return new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port);
    } catch (java.net.UnknownHostException e) {
      throw new IllegalStateException("Four bytes are an address.", e);
    }
  }

  /// The port this server listens on.
  public int port() {
    return address.getPort();
  }

  /// The address this server listens on.
  ///
  /// @return the address, possibly a wildcard, and the port
  public InetSocketAddress address() {
    return address;
  }

  /// Stops listening, so that connections are refused, and ends those that are open.
  public void suspend() {
    lock.lock();
    try {
      if (listener != null) {
        listener.close();
      }
      listener = null;
    } finally {
      lock.unlock();
    }
    connections.forEach(HttpServer::closeQuietly);
  }

  /// Listens again on the same port after [#suspend].
  public void resume() {
    lock.lock();
    try {
      if (listener == null && !threads.isShutdown()) {
        Listener opened = new Listener(open(address), new CountDownLatch(1));
        listener = opened;
        threads.execute(() -> accept(opened));
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    suspend();
    threads.shutdownNow();
    threads.close();
  }

  private void accept(Listener from) {
    try (ServerSocket socket = from.socket()) {
      while (!socket.isClosed()) {
        Socket connection = socket.accept();
        connections.add(connection);
        threads.execute(() -> serve(connection));
      }
    } catch (IOException | RejectedExecutionException e) {
      // The listener was closed, which is how accepting ends.
    } finally {
      from.left().countDown();
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      connection.setTcpNoDelay(true);
      connection.setSoTimeout(IDLE_MILLIS);
      converse(connection);
    } catch (IOException e) {
      // The client went away or the server was suspended: nobody receives a response.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      connections.remove(connection);
    }
  }

  private void converse(Socket connection) throws IOException, InterruptedException {
    WireReader reader = new WireReader(connection.getInputStream());
    OutputStream out = connection.getOutputStream();
    boolean open = true;
    while (open) {
      HttpRequest request;
      try {
        request = read(reader, connection);
      } catch (MalformedHttpException e) {
        out.write(WireWriter.refusal(e.status()));
        lingerBeforeClose(connection);
        return;
      }
      open = request != null && write(request, connection, reader, out);
    }
  }

  private static @Nullable HttpRequest read(WireReader reader, Socket connection)
      throws IOException {
    String line = reader.startLine();
    if (line == null) {
      return null;
    }
    String[] parts = line.split(" ", -1);
    if (parts.length != 3 || !parts[2].startsWith("HTTP/1.") || parts[1].isEmpty()) {
      throw new MalformedHttpException(400, "A request line that is none.");
    }
    var headers = reader.headers();
    if (parts[2].equals("HTTP/1.0")) {
      headers.add(new Header("Connection", "close"));
    }
    byte[] body = reader.body(headers, false);
    var peer = (InetSocketAddress) connection.getRemoteSocketAddress();
    return new HttpRequest(parts[0], originForm(parts[1]), headers, body, peer);
  }

  private static String originForm(String target) {
    int scheme = target.startsWith("/") ? -1 : target.indexOf("://");
    if (scheme < 0) {
      return target;
    }
    int slash = target.indexOf('/', scheme + 3);
    return slash < 0 ? "/" : target.substring(slash);
  }

  private boolean write(HttpRequest request, Socket connection, WireReader in, OutputStream out)
      throws IOException, InterruptedException {
    switch (handler.handle(request)) {
      case Reply.Response response -> {
        boolean close = Headers.hasToken(request.headers(), "Connection", "close");
        boolean head = request.method().equals("HEAD");
        out.write(WireWriter.response(response, head, close, clock.instant()));
        return !close;
      }
      case Reply.Raw raw -> writeRaw(raw, connection, out);
      case Reply.Upgrade upgrade -> {
        out.write(WireWriter.upgrade(upgrade));
        connection.setSoTimeout(0);
        upgrade.conversation().run(in.stream(), out);
      }
    }
    return false;
  }

  private static void writeRaw(Reply.Raw raw, Socket connection, OutputStream out)
      throws IOException, InterruptedException {
    if (raw.pause().isZero()) {
      out.write(raw.bytes());
    } else {
      for (byte octet : raw.bytes()) {
        out.write(octet);
        Thread.sleep(raw.pause());
      }
    }
    if (raw.ending() == Reply.Ending.RESET) {
      connection.setSoLinger(true, 0);
    }
  }

  /// Reads what the client still sends; otherwise closing resets the connection and the client may
  /// lose the response.
  private static void lingerBeforeClose(Socket connection) throws IOException {
    connection.shutdownOutput();
    connection.setSoTimeout(500);
    long read = connection.getInputStream().skip(4L * WireReader.MAX_HEAD_BYTES);
    if (read < 0) {
      throw new IOException("The stream ran backwards.");
    }
  }

  private static void closeQuietly(@Nullable AutoCloseable resource) {
    try {
      if (resource != null) {
        resource.close();
      }
    } catch (Exception e) {
      // The socket is discarded anyway.
    }
  }
}
