package dev.postern.demo.idp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.demo.core.DemoApplication;
import dev.postern.demo.core.DemoUser;
import dev.postern.demo.idp.OutpostSockets.SessionEndForm;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The websocket of the demo with the JDK's client.
final class OutpostSocketsTest {
  private static final String ID = "6c0d3c62-0000-4000-8000-000000000001";
  private static final JsonMapper JSON = new JsonMapper();

  private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
  private final HttpClient client = HttpClient.newHttpClient();
  private final DemoIdentityProvider provider =
      DemoIdentityProvider.builder()
          .outpost(ID, "outpost-token")
          .application(DemoApplication.individual("app", "https://app.test"))
          .user(DemoUser.of("alice", "pw", "Alice", "a@test", List.of()))
          .start();

  @AfterEach
  void close() {
    client.shutdownNow();
    provider.close();
  }

  private WebSocket connect(String token) {
    int port = provider.address().getPort();
    URI uri = URI.create("ws://127.0.0.1:" + port + "/ws/outpost/" + ID + "/?instance_uuid=x");
    return client
        .newWebSocketBuilder()
        .header("Authorization", "Bearer " + token)
        .connectTimeout(Duration.ofSeconds(10))
        .buildAsync(uri, new Collector())
        .join();
  }

  private final class Collector implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        messages.add(text.toString());
        text.setLength(0);
      }
      socket.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      messages.add("closed " + code);
      return null;
    }
  }

  private JsonNode next() throws InterruptedException {
    String message = messages.poll(10, TimeUnit.SECONDS);
    assertThat(message).as("a message within ten seconds").isNotNull();
    return JSON.readTree(message);
  }

  private void hello(WebSocket socket) throws InterruptedException {
    socket.sendText("{\"instruction\":1,\"args\":{\"version\":\"2026.2.2\"}}", true).join();
    assertThat(next().path("instruction").asInt()).isZero();
  }

  private String loggedInSid() {
    provider.login("app.test", "alice", "pw");
    return provider.core().login("alice", "pw").orElseThrow().sid();
  }

  @Test
  void hello_isAcknowledgedAndRecorded() throws InterruptedException {
    hello(connect("outpost-token"));
    assertThat(provider.sockets().connections()).isEqualTo(1);
    assertThat(provider.sockets().hellos()).containsExactly("{\"version\":\"2026.2.2\"}");
  }

  @Test
  void connect_wrongToken_isRefused() {
    assertThatThrownBy(() -> connect("another")).isInstanceOf(CompletionException.class);
  }

  @Test
  void endSession_newForm_isInstruction4() throws InterruptedException {
    hello(connect("outpost-token"));
    String sid = loggedInSid();
    provider.endSession(sid);
    JsonNode frame = next();
    assertThat(frame.path("instruction").asInt()).isEqualTo(4);
    assertThat(frame.path("args").path("type").asString()).isEqualTo("event.session.end");
    assertThat(frame.path("args").path("session_id").asString()).isEqualTo(sid);
  }

  @Test
  void endSession_bothForms_areInstruction4And3() throws InterruptedException {
    hello(connect("outpost-token"));
    provider.sockets().sessionEndForm(SessionEndForm.BOTH);
    provider.endSession(loggedInSid());
    assertThat(next().path("instruction").asInt()).isEqualTo(4);
    JsonNode legacy = next();
    assertThat(legacy.path("instruction").asInt()).isEqualTo(3);
    assertThat(legacy.path("args").path("sub_type").asString()).isEqualTo("logout");
  }

  @Test
  void refresh_sendsAnUpdateMessage() throws InterruptedException {
    hello(connect("outpost-token"));
    provider.refresh();
    assertThat(next().path("instruction").asInt()).isEqualTo(2);
  }

  @Test
  void broadcast_longMessage_arrivesWhole() throws InterruptedException {
    hello(connect("outpost-token"));
    provider.sockets().broadcast("\"" + "é".repeat(40_000) + "\"");
    assertThat(next().asString()).hasSize(40_000);
    provider.sockets().broadcast("\"" + "x".repeat(300) + "\"");
    assertThat(next().asString()).hasSize(300);
  }

  @Test
  void disconnect_code_reachesTheClient() throws InterruptedException {
    hello(connect("outpost-token"));
    provider.sockets().disconnect(1001);
    assertThat(messages.poll(10, TimeUnit.SECONDS)).isEqualTo("closed 1001");
  }
}
