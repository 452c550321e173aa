package dev.postern.demo.idp;

import dev.postern.demo.http.Header;
import dev.postern.demo.http.HttpRequest;
import dev.postern.demo.http.Reply;
import dev.postern.demo.http.WebSocketFrames;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The websocket that the core keeps to each outpost (docs/design/authentik.md section 4.2).
public final class OutpostSockets {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int ACK = 0;
  private static final int HELLO = 1;
  private static final int TRIGGER_UPDATE = 2;
  private static final int PROVIDER_SPECIFIC = 3;
  private static final int SESSION_END = 4;

  private final String path;
  private final String token;
  private final Set<WebSocketFrames> connected = ConcurrentHashMap.newKeySet();
  private final List<String> hellos = new CopyOnWriteArrayList<>();
  private volatile SessionEndForm form = SessionEndForm.INSTRUCTION_4;

  /// The form of session-end messages.
  public enum SessionEndForm {
    /// `event.session.end`, since 2025.8
    INSTRUCTION_4,
    /// `event.provider.specific` with sub_type `logout`, until 2025.6
    INSTRUCTION_3,
    /// both, as 2025.8 to 2026.2.1 may do
    BOTH,
    /// not at all, as if the message were lost
    NONE
  }

  OutpostSockets(String outpostId, String token) {
    this.path = "/ws/outpost/" + outpostId + "/";
    this.token = token;
  }

  /// Sets the form of session-end messages.
  public void sessionEndForm(SessionEndForm newForm) {
    form = newForm;
  }

  /// How many clients are connected.
  public int connections() {
    return connected.size();
  }

  /// The arguments of every hello message so far, as JSON.
  public List<String> hellos() {
    return List.copyOf(hellos);
  }

  /// Ends all connections.
  ///
  /// @param code the status code of the close frame
  public void disconnect(int code) {
    connected.removeIf(socket -> !delivered(() -> socket.close(code)));
  }

  /// Sends something to one client.
  @FunctionalInterface
  private interface Delivery {
    void run() throws IOException;
  }

  private static boolean delivered(Delivery delivery) {
    try {
      delivery.run();
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  boolean serves(String requestPath) {
    return requestPath.startsWith("/ws/");
  }

  Reply handle(HttpRequest request) {
    if (!request.path().equals(path)) {
      return Reply.Response.text(404, "text/plain; charset=utf-8", "no such outpost\n");
    }
    if (!request.header("Authorization").equals("Bearer " + token)) {
      return Reply.Response.text(
          403, "text/plain; charset=utf-8", "the outpost's token is needed\n");
    }
    String key = request.header("Sec-WebSocket-Key");
    if (key.isEmpty() || !request.header("Upgrade").equalsIgnoreCase("websocket")) {
      return Reply.Response.text(400, "text/plain; charset=utf-8", "a websocket is needed\n");
    }
    List<Header> headers =
        List.of(
            new Header("Upgrade", "websocket"),
            new Header("Connection", "Upgrade"),
            new Header("Sec-WebSocket-Accept", WebSocketFrames.accept(key)));
    return new Reply.Upgrade(101, headers, this::converse);
  }

  private void converse(InputStream in, OutputStream out) throws IOException {
    WebSocketFrames socket = new WebSocketFrames(in, out);
    connected.add(socket);
    try {
      Optional<String> message = socket.receive();
      while (message.isPresent()) {
        response(socket, message.get());
        message = socket.receive();
      }
    } finally {
      connected.remove(socket);
    }
  }

  private void response(WebSocketFrames socket, String message) throws IOException {
    try {
      JsonNode frame = JSON.readTree(message);
      if (frame.path("instruction").asInt(-1) == HELLO) {
        hellos.add(frame.path("args").toString());
        socket.send(frame(ACK, Map.of()));
      }
    } catch (JacksonException e) {
      socket.close(1007);
    }
  }

  private static String frame(int instruction, Map<String, ?> args) {
    return JSON.writeValueAsString(Map.of("instruction", instruction, "args", args));
  }

  /// Tells all clients that a session has ended, in the form that is set.
  ///
  /// @param sid the `sid` of its tokens
  public void sessionEnded(String sid) {
    SessionEndForm current = form;
    if (current == SessionEndForm.INSTRUCTION_4 || current == SessionEndForm.BOTH) {
      broadcast(frame(SESSION_END, Map.of("type", "event.session.end", "session_id", sid)));
    }
    if (current == SessionEndForm.INSTRUCTION_3 || current == SessionEndForm.BOTH) {
      Map<String, String> args =
          Map.of("type", "event.provider.specific", "sub_type", "logout", "session_id", sid);
      broadcast(frame(PROVIDER_SPECIFIC, args));
    }
  }

  /// Tells all clients to reload their configuration.
  public void triggerUpdate() {
    broadcast(frame(TRIGGER_UPDATE, Map.of()));
  }

  /// Sends any text to all clients.
  ///
  /// @param text the message
  public void broadcast(String text) {
    connected.removeIf(socket -> !delivered(() -> socket.send(text)));
  }
}
