package dev.postern.config.load;

import dev.postern.config.Secret;
import dev.postern.config.key.Key;
import dev.postern.config.key.Kinds;
import dev.postern.net.Endpoint;
import java.util.stream.Stream;

/// The keys of the feeds.
final class FeedKeys {
  static final Key<Boolean> WEBSOCKET =
      Key.of(
          "feeds.websocket",
          Kinds.SWITCH,
          "",
          "Connects to authentik's outpost websocket, which reports ended sessions; see"
              + " revocation.md.");
  static final Key<Endpoint> ENDPOINT =
      Key.of(
              "feeds.websocket.endpoint",
              Kinds.WEBSOCKET_URL,
              "",
              "authentik itself, not a standalone outpost: scheme (http, https, ws or wss), host"
                  + " and port. Required in this section.")
          .example("http://authentik-server:9000");
  static final Key<String> OUTPOST =
      Key.of(
              "feeds.websocket.outpost",
              Kinds.UUID,
              "",
              "The outpost's UUID, found in the URL of its page in authentik's admin interface."
                  + " Required in this section.")
          .example("6c0d3c62-0000-4000-8000-000000000001");
  static final Key<Secret> TOKEN =
      Key.of(
          "feeds.websocket.token",
          Kinds.SECRET,
          "",
          "The outpost's token, or any token whose user may view the outpost. This or tokenFile is"
              + " required in this section.");
  static final Key<Secret> TOKEN_FILE =
      Key.of(
              "feeds.websocket.tokenFile",
              Kinds.SECRET_FILE,
              "",
              "File that holds feeds.websocket.token; trailing newlines are ignored.")
          .example("/run/secrets/outpost-token");
  static final TlsKeys TLS =
      TlsKeys.beside(
          ENDPOINT,
          "anyone who can redirect the connection can then read the token and hide that a session"
              + " ends.");

  private FeedKeys() {}

  static Stream<Key<?>> all() {
    return Stream.concat(Stream.of(WEBSOCKET, ENDPOINT, OUTPOST, TOKEN, TOKEN_FILE), TLS.all());
  }
}
