package dev.postern.upstream;

import dev.postern.testing.RawMessage;
import dev.postern.testing.RawServer;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// An upstream that answers each request with its next response, and repeats the last one forever.
final class ScriptedServer implements AutoCloseable {
  /// At the end of a response: the connection is closed after it.
  static final String CLOSE = "<close>";

  private final List<RawMessage> requests = new CopyOnWriteArrayList<>();
  private final List<RawServer.Connection> connections = new CopyOnWriteArrayList<>();
  private final List<String> answers;
  private final RawServer server;

  ScriptedServer(String... answers) {
    this.answers = List.of(answers);
    server = RawServer.start(this::answer);
  }

  static String ok(String body) {
    return "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
  }

  private void answer(RawMessage request, RawServer.Connection connection) throws IOException {
    int number;
    synchronized (this) {
      number = requests.size();
      connections.add(connection);
      requests.add(request);
    }
    String answer = answers.get(Math.min(number, answers.size() - 1));
    boolean closes = answer.endsWith(CLOSE);
    connection.write(closes ? answer.substring(0, answer.length() - CLOSE.length()) : answer);
    if (closes) {
      connection.close();
    }
  }

  URI url() {
    return server.url();
  }

  List<RawMessage> requests() {
    return requests;
  }

  int connections() {
    return server.connections();
  }

  /// Writes to the connection of a request, unsolicited.
  ///
  /// @return false if the client has closed it
  boolean writeTo(int request, String bytes) {
    try {
      connections.get(request).write(bytes);
      return true;
    } catch (IOException closed) {
      return false;
    }
  }

  @Override
  public void close() {
    server.close();
  }
}
