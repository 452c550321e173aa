package dev.postern.config;

import dev.postern.config.tls.ClientTls;
import dev.postern.net.Endpoint;
import org.jspecify.annotations.Nullable;

/// The configured sources of revocations.
///
/// @param websocket authentik's outpost websocket, or null when it is not used
public record FeedsConfig(@Nullable Websocket websocket) {

  /// authentik's websocket to its outposts.
  ///
  /// @param endpoint scheme (http or https), host and port of authentik
  /// @param outpost UUID of the outpost to connect as
  /// @param token the outpost's token
  /// @param tls how authentik's certificate is verified
  public record Websocket(Endpoint endpoint, String outpost, Secret token, ClientTls tls) {}
}
