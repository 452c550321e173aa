package dev.postern.config.load;

import dev.postern.config.FeedsConfig;
import dev.postern.config.FeedsConfig.Websocket;
import dev.postern.config.Secret;
import dev.postern.net.Endpoint;

/// Converts settings to the feeds' configuration records.
final class FeedsBinder {
  private final Settings settings;

  FeedsBinder(Settings settings) {
    this.settings = settings;
  }

  FeedsConfig config() {
    return new FeedsConfig(settings.isOn(FeedKeys.WEBSOCKET) ? websocket() : null);
  }

  private Websocket websocket() {
    Endpoint endpoint = settings.require(FeedKeys.ENDPOINT);
    String outpost = settings.require(FeedKeys.OUTPOST);
    Secret token = settings.requireSecret(FeedKeys.TOKEN, FeedKeys.TOKEN_FILE);
    return new Websocket(endpoint, outpost, token, FeedKeys.TLS.read(settings, endpoint));
  }
}
