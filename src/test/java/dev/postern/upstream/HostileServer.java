package dev.postern.upstream;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// An upstream over plain TCP or TLS that can write anything at any time.
final class HostileServer implements AutoCloseable {
  @FunctionalInterface
  interface Script {
    /// Writes one response.
    ///
    /// @param number number of earlier requests, on any connection
    /// @param connection where to write
    void respond(int number, Connection connection) throws IOException;
  }

  /// One connection.
  static final class Connection {
    private final Socket socket;

    Connection(Socket socket) {
      this.socket = socket;
    }

    void write(String bytes) throws IOException {
      socket.getOutputStream().write(bytes.getBytes(ISO_8859_1));
      socket.getOutputStream().flush();
    }

    void close() throws IOException {
      socket.close();
    }

    /// Writes until the client has closed the connection.
    void writeUntilClosed(String bytes) {
      try {
        while (true) {
          write(bytes);
        }
      } catch (IOException closed) {
        return;
      }
    }
  }

  private final Script script;
  private final ServerSocket listener;
  private final boolean isTls;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger requests = new AtomicInteger();

  HostileServer(@Nullable SSLContext tls, Script script) throws IOException {
    this.script = script;
    this.isTls = tls != null;
    InetAddress loopback = InetAddress.ofLiteral("127.0.0.1");
    listener =
        tls == null
            ? new ServerSocket(0, 50, loopback)
            : tls.getServerSocketFactory().createServerSocket(0, 50, loopback);
    Thread.ofVirtual().start(this::accept);
  }

  URI url() {
    return URI.create((isTls ? "https" : "http") + "://127.0.0.1:" + port());
  }

  int port() {
    return listener.getLocalPort();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        open.add(socket);
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      InputStream in = socket.getInputStream();
      StringBuilder head = new StringBuilder();
      for (int c = in.read(); c >= 0; c = in.read()) {
        head.append((char) c);
        if (head.toString().endsWith("\r\n\r\n")) {
          head.setLength(0);
          script.respond(requests.getAndIncrement(), new Connection(socket));
        }
      }
    } catch (IOException gone) {
      return;
    } finally {
      open.remove(socket);
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : open) {
      socket.close();
    }
  }
}
