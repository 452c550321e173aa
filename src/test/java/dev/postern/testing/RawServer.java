package dev.postern.testing;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// A small HTTP/1.1 server on a free port of this machine whose handler writes exact bytes. One
/// virtual thread serves each connection.
public final class RawServer implements AutoCloseable {
  /// Handles requests.
  @FunctionalInterface
  public interface Handler {
    /// Handles one request.
    ///
    /// @param connection the client's connection
    /// @throws IOException ends the connection
    void answer(RawMessage request, Connection connection) throws IOException;
  }

  /// The connection that a request came over.
  public static final class Connection {
    private final Socket socket;

    private Connection(Socket socket) {
      this.socket = socket;
    }

    /// Writes a part of a response.
    ///
    /// @param bytes each character one byte (ISO 8859-1)
    /// @throws IOException when the client is gone
    public void write(String bytes) throws IOException {
      socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
    }

    /// Closes the connection, so that no further request is read from it.
    ///
    /// @throws IOException when that fails
    public void close() throws IOException {
      socket.close();
    }
  }

  private final Handler handler;
  private final int port;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger accepted = new AtomicInteger();
  private volatile ServerSocket listener;
  private volatile Thread acceptor;

  private RawServer(Handler handler, ServerSocket listener) {
    this.handler = handler;
    this.listener = listener;
    this.port = listener.getLocalPort();
    this.acceptor = acceptOn(listener);
  }

  /// Starts a server.
  ///
  /// @return the running server
  /// @throws UncheckedIOException when no port is free
  public static RawServer start(Handler handler) {
    return new RawServer(handler, listen(0));
  }

  /// {@return the port}
  public int port() {
    return port;
  }

  /// {@return scheme, host and port}
  public URI url() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /// {@return how many connections were accepted since the start}
  public int connections() {
    return accepted.get();
  }

  /// Refuses new connections and closes the open ones, until [#listenAgain].
  public void refuse() {
    close();
  }

  /// Ends [#refuse], on the same port. An outgoing connection of this machine may have the port for
  /// a moment.
  public void listenAgain() {
    Await.until(
        "port " + port + " is free",
        Duration.ofSeconds(60),
        () -> {
          listener = listen(port);
          return true;
        });
    acceptor = acceptOn(listener);
  }

  @Override
  public void close() {
    closeQuietly(listener);
    awaitAcceptor();
    open.forEach(RawServer::closeQuietly);
  }

  private static ServerSocket listen(int port) {
    try {
      ServerSocket socket = new ServerSocket();
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1024);
      return socket;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Thread acceptOn(ServerSocket socket) {
    return Thread.ofVirtual().start(() -> acceptLoop(socket));
  }

  /// The system accepts connections until the thread in `accept` has released the socket.
  private void awaitAcceptor() {
    try {
      acceptor.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void acceptLoop(ServerSocket socket) {
    while (!socket.isClosed()) {
      try {
        Socket client = socket.accept();
        accepted.incrementAndGet();
        open.add(client);
        Thread.ofVirtual().start(() -> serve(client));
      } catch (IOException e) {
        closeQuietly(socket);
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      client.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(client.getInputStream());
      Connection connection = new Connection(client);
      while (!client.isClosed()) {
        RawMessage request = RawMessage.read(in, RawMessage.Kind.REQUEST);
        handler.answer(request, connection);
        if (request.closes()) {
          return;
        }
      }
    } catch (IOException e) {
      // The peer is gone or violated the protocol: just close the connection.
      return;
    } finally {
      open.remove(client);
    }
  }

  private static void closeQuietly(AutoCloseable socket) {
    try {
      socket.close();
    } catch (Exception e) {
      throw new IllegalStateException("cannot close a socket", e);
    }
  }
}
