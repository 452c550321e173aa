package dev.postern.config;

import dev.postern.config.tls.ClientTls;
import dev.postern.net.Endpoint;
import org.jspecify.annotations.Nullable;

/// Who tells of revocations.
///
/// @param websocket authentik's channel to its outposts, or null when it is not listened to
public record FeedsConfig(@Nullable Websocket websocket) {

  /// authentik's channel to its outposts.
  ///
  /// @param endpoint scheme (http or https), host and port of authentik
  /// @param outpost uuid of the outpost whose channel it is
  /// @param token the outpost's token
  /// @param tls how authentik's certificate is checked
  public record Websocket(Endpoint endpoint, String outpost, Secret token, ClientTls tls) {}
}
