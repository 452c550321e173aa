package dev.postern.feeds;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ServerSocketFactory;

/// A server that treats each connection exactly as a test says.
final class RawPeer implements AutoCloseable {
  private final ServerSocket listener;
  private final Behaviour behaviour;
  private final List<Socket> open = new CopyOnWriteArrayList<>();
  final List<String> heads = new CopyOnWriteArrayList<>();
  final AtomicInteger accepted = new AtomicInteger();

  /// What to do with a connection.
  interface Behaviour {
    void handle(Connection connection) throws Exception;
  }

  /// One connection, after its request head.
  record Connection(int number, String head, InputStream in, OutputStream out) {
    void send(String text) throws IOException {
      out.write(text.getBytes(ISO_8859_1));
      out.flush();
    }

    void send(int... bytes) throws IOException {
      for (int one : bytes) {
        out.write(one);
      }
      out.flush();
    }

    /// Opens the websocket.
    void accept() throws Exception {
      String key = head.replaceFirst("(?s).*Sec-WebSocket-Key: (\\S+).*", "$1");
      byte[] sha1 =
          MessageDigest.getInstance("SHA-1")
              .digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(ISO_8859_1));
      send(
          "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
              + "Sec-WebSocket-Accept: "
              + Base64.getEncoder().encodeToString(sha1)
              + "\r\n\r\n");
    }

    void pong() throws IOException {
      send(0x8a, 0);
    }

    static byte[] text(String text) {
      byte[] payload = text.getBytes(UTF_8);
      ByteArrayOutputStream frame = new ByteArrayOutputStream();
      frame.write(0x81);
      if (payload.length < 126) {
        frame.write(payload.length);
      } else {
        frame.write(126);
        frame.write(payload.length >> 8);
        frame.write(payload.length);
      }
      frame.writeBytes(payload);
      return frame.toByteArray();
    }

    void message(String text) throws IOException {
      out.write(text(text));
      out.flush();
    }

    /// Waits until the peer has closed.
    void awaitEnd() throws IOException {
      in.skip(Long.MAX_VALUE);
      while (in.read() >= 0) {
        // The data is ignored.
      }
    }
  }

  RawPeer(Behaviour behaviour) throws IOException {
    this(ServerSocketFactory.getDefault(), behaviour);
  }

  RawPeer(ServerSocketFactory factory, Behaviour behaviour) throws IOException {
    this.behaviour = behaviour;
    listener = factory.createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::acceptAll);
  }

  int port() {
    return listener.getLocalPort();
  }

  private void acceptAll() {
    try {
      while (true) {
        Socket socket = listener.accept();
        open.add(socket);
        int number = accepted.incrementAndGet();
        Thread.ofVirtual().start(() -> serve(socket, number));
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  private void serve(Socket socket, int number) {
    try (socket) {
      InputStream in = socket.getInputStream();
      StringBuilder head = new StringBuilder();
      while (head.indexOf("\r\n\r\n") < 0) {
        int next = in.read();
        if (next < 0) {
          return;
        }
        head.append((char) next);
      }
      heads.add(head.toString());
      behaviour.handle(new Connection(number, head.toString(), in, socket.getOutputStream()));
    } catch (Exception over) {
      // The feed may close at any moment, as may the test.
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
