package dev.postern.demo.http;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A blocking HTTP/1.1 client for one address. It sends and returns header lines unchanged.
///
/// It keeps up to [#MAX_IDLE] idle connections. If such a connection breaks before the first byte
/// of the response, it repeats a request without a body once, as Go's transport does.
public final class HttpClient implements AutoCloseable {
  /// Connections kept open between requests.
  public static final int MAX_IDLE = 32;

  private final InetSocketAddress address;
  private final Duration timeout;

  /// Guards [#idle].
  private final ReentrantLock lock = new ReentrantLock();

  private final Deque<Connection> idle = new ArrayDeque<>();

  /// A client.
  ///
  /// @param address where to connect
  /// @param timeout the limit of connecting and of each wait for bytes
  public HttpClient(InetSocketAddress address, Duration timeout) {
    this.address = address;
    this.timeout = timeout;
  }

  private record Connection(Socket socket, WireReader reader) {
    void discard() {
      try {
        socket.close();
      } catch (IOException e) {
        // The connection is discarded anyway.
      }
    }
  }

  /// Sends a request and waits for the whole response.
  ///
  /// @param request must already contain `Host` and `Content-Length`
  /// @return the response with its header lines as received
  /// @throws IOException if there is no connection, no response or a broken one
  public Reply.Response send(HttpRequest request) throws IOException {
    Connection kept = take();
    if (kept != null) {
      try {
        return exchange(kept, request);
      } catch (EOFException | java.net.SocketException e) {
        if (request.body().length > 0) {
          throw e;
        }
      }
    }
    return exchange(connect(), request);
  }

  private Reply.Response exchange(Connection connection, HttpRequest request) throws IOException {
    try {
      connection.socket().getOutputStream().write(WireWriter.request(request));
      Reply.Response response = read(connection.reader(), request.method());
      boolean close =
          Headers.hasToken(response.headers(), "Connection", "close") || endsWithStream(response);
      if (close || !keep(connection)) {
        connection.discard();
      }
      return response;
    } catch (IOException e) {
      connection.discard();
      throw e;
    }
  }

  private static boolean endsWithStream(Reply.Response response) {
    return response.status() != 204
        && response.status() != 304
        && !Headers.has(response.headers(), "Content-Length")
        && !Headers.has(response.headers(), "Transfer-Encoding");
  }

  private static Reply.Response read(WireReader reader, String method) throws IOException {
    while (true) {
      String line = reader.startLine();
      if (line == null) {
        throw new EOFException("The connection ended without a response.");
      }
      int status = status(line);
      List<Header> headers = reader.headers();
      if (status >= 200) {
        boolean bodiless = method.equals("HEAD") || status == 204 || status == 304;
        byte[] body = bodiless ? new byte[0] : reader.body(headers, true);
        return new Reply.Response(status, headers, body);
      }
    }
  }

  private static int status(String line) throws IOException {
    String[] parts = line.split(" ", 3);
    if (parts.length < 2 || !parts[0].startsWith("HTTP/1.") || !parts[1].matches("[1-9][0-9]{2}")) {
      throw new IOException("A status line that is none.");
    }
    return Integer.parseInt(parts[1]);
  }

  private Connection connect() throws IOException {
    Socket socket = new Socket();
    try {
      socket.connect(address, Math.toIntExact(timeout.toMillis()));
      socket.setSoTimeout(Math.toIntExact(timeout.toMillis()));
      socket.setTcpNoDelay(true);
      return new Connection(socket, new WireReader(socket.getInputStream()));
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private @Nullable Connection take() {
    lock.lock();
    try {
      return idle.pollFirst();
    } finally {
      lock.unlock();
    }
  }

  private boolean keep(Connection connection) {
    lock.lock();
    try {
      return idle.size() < MAX_IDLE && idle.offerFirst(connection);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      idle.forEach(Connection::discard);
      idle.clear();
    } finally {
      lock.unlock();
    }
  }
}
