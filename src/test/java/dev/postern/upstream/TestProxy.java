package dev.postern.upstream;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// A network between a client and a server that can drop all data or be cut.
final class TestProxy implements AutoCloseable {
  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

  /// One connection; a frozen one drops all data and stays open.
  private static final class Link {
    final Socket client;
    final Socket server;
    volatile boolean frozen;

    Link(Socket client, Socket server) {
      this.client = client;
      this.server = server;
    }
  }

  private final int target;
  private final ServerSocket listener;
  private final List<Link> links = new CopyOnWriteArrayList<>();

  TestProxy(int target) throws IOException {
    this.target = target;
    listener = new ServerSocket(0, 50, LOOPBACK);
    Thread.ofVirtual().start(this::accept);
  }

  URI url(String scheme) {
    return URI.create(scheme + "://127.0.0.1:" + listener.getLocalPort());
  }

  /// Number of connections so far.
  int connections() {
    return links.size();
  }

  /// Number of connections that the client has not closed.
  long openConnections() {
    return links.stream().filter(link -> !link.server.isClosed()).count();
  }

  /// From now on drops all data on the open connections.
  void freeze() {
    links.forEach(link -> link.frozen = true);
  }

  /// Closes all connections of the client at once.
  void cut() {
    links.forEach(link -> closeQuietly(link.client));
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Link link = new Link(listener.accept(), new Socket(LOOPBACK, target));
        links.add(link);
        Thread.ofVirtual().start(() -> copy(link, link.client, link.server));
        Thread.ofVirtual().start(() -> copy(link, link.server, link.client));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private static void copy(Link link, Socket from, Socket to) {
    byte[] buffer = new byte[16 * 1024];
    try {
      for (int n = from.getInputStream().read(buffer);
          n >= 0;
          n = from.getInputStream().read(buffer)) {
        if (!link.frozen) {
          to.getOutputStream().write(buffer, 0, n);
        }
      }
      if (!link.frozen) {
        to.close();
      }
    } catch (IOException ended) {
      closeQuietly(to);
    }
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new IllegalStateException("cannot close a socket", e);
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Link link : links) {
      link.client.close();
      link.server.close();
    }
  }
}
