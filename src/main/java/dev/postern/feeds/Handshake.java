package dev.postern.feeds;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.postern.config.FeedsConfig.Websocket;
import dev.postern.config.key.Words;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The opening of a websocket connection (RFC 6455, section 4).
///
/// @param key the client's nonce
record Handshake(String key) {
  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final int MAX_HEAD_BYTES = 16 * 1024;
  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] (\\d{3})(?: .*)?");

  static Handshake random() {
    byte[] nonce = new byte[16];
    new SecureRandom().nextBytes(nonce);
    return new Handshake(Base64.getEncoder().encodeToString(nonce));
  }

  /// The client's part.
  ///
  /// @param config where and with what token
  /// @param instance the uuid by which authentik tells listeners apart
  String request(Websocket config, String instance) {
    return String.join(
        "\r\n",
        "GET /ws/outpost/" + config.outpost() + "/?instance_uuid=" + instance + " HTTP/1.1",
        "Host: " + config.endpoint().authority(),
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: " + key,
        "Authorization: Bearer " + config.token().value(),
        "User-Agent: Postern",
        "",
        "");
  }

  /// Reads the head of the answer.
  ///
  /// @param in the answer; nothing after the head is read
  /// @param late whether there is no more time
  /// @return its lines
  /// @throws IOException if the connection breaks, or gives no answer in time
  /// @throws ConnectionLost if the answer is not HTTP
  static List<String> readHead(InputStream in, BooleanSupplier late)
      throws IOException, ConnectionLost {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    int matched = 0;
    while (matched < 4) {
      int next = in.read();
      if (next < 0) {
        throw new ConnectionLost("the connection was closed before the websocket was open");
      }
      if (late.getAsBoolean()) {
        throw new SocketTimeoutException();
      }
      head.write(next);
      if (head.size() > MAX_HEAD_BYTES) {
        throw new ConnectionLost(noWebsocket("an endless head"));
      }
      boolean isNext = next == "\r\n\r\n".charAt(matched);
      matched = isNext ? matched + 1 : next == '\r' ? 1 : 0;
    }
    return head.toString(ISO_8859_1).lines().toList();
  }

  /// Looks at the answer.
  ///
  /// @param head its lines
  /// @throws ConnectionLost if it does not open the websocket, with the way out
  void check(List<String> head) throws ConnectionLost {
    Matcher status = STATUS.matcher(head.isEmpty() ? "" : head.getFirst());
    if (!status.matches()) {
      throw new ConnectionLost(noWebsocket("something that is not HTTP"));
    }
    String code = status.group(1);
    if (!code.equals("101")) {
      throw new ConnectionLost(refusal(code, header(head, "Location")));
    }
    if (!header(head, "Sec-WebSocket-Accept").equals(accept())) {
      throw new ConnectionLost(noWebsocket("101 without the right Sec-WebSocket-Accept"));
    }
  }

  private static String refusal(String code, String location) {
    return switch (code) {
      case "401", "403" ->
          "authentik refuses the token (%s); check feeds.websocket.token, that its user may view the outpost, and feeds.websocket.outpost"
              .formatted(code);
      case "404" ->
          "there is no such outpost (404); check feeds.websocket.outpost, and that"
              + " feeds.websocket.endpoint is authentik and not a standalone outpost";
      case "301", "302", "303", "307", "308" ->
          "it redirects (%s) to %s; write that address to feeds.websocket.endpoint if it is authentik's"
              .formatted(code, Words.origin(location));
      case String _ -> noWebsocket(code);
    };
  }

  private static String noWebsocket(String answer) {
    return "it answers "
        + answer
        + " instead of a websocket; check that feeds.websocket.endpoint is authentik, and that a"
        + " proxy between lets websockets pass";
  }

  private static String header(List<String> head, String name) {
    for (String line : head) {
      int colon = line.indexOf(':');
      if (colon > 0 && line.substring(0, colon).equalsIgnoreCase(name)) {
        return line.substring(colon + 1).strip();
      }
    }
    return "";
  }

  private String accept() {
    try {
      MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
      return Base64.getEncoder().encodeToString(sha1.digest((key + GUID).getBytes(ISO_8859_1)));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("every JDK has SHA-1", impossible);
    }
  }
}
