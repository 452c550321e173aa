package dev.postern.config.load;

import dev.postern.config.FeedsConfig;
import dev.postern.config.FeedsConfig.Websocket;
import dev.postern.config.Secret;
import dev.postern.config.tls.ClientTls;
import java.net.URI;

/// From settings to the records of the feeds.
final class FeedsBinder {
  private final Settings settings;

  FeedsBinder(Settings settings) {
    this.settings = settings;
  }

  FeedsConfig config() {
    return new FeedsConfig(settings.isOn(FeedKeys.WEBSOCKET) ? websocket() : null);
  }

  private Websocket websocket() {
    URI endpoint = settings.require(FeedKeys.ENDPOINT);
    String outpost = settings.require(FeedKeys.OUTPOST);
    Secret token = settings.secret(FeedKeys.TOKEN, FeedKeys.TOKEN_FILE);
    if (token == null
        && settings.setting(FeedKeys.TOKEN) == null
        && settings.setting(FeedKeys.TOKEN_FILE) == null) {
      settings.missing(
          FeedKeys.TOKEN.name(), "is missing; write it, or its file to feeds.websocket.tokenFile");
    }
    return new Websocket(endpoint, outpost, token == null ? new Secret("") : token, tls(endpoint));
  }

  private ClientTls tls(URI endpoint) {
    settings.together(FeedKeys.CERT, FeedKeys.KEY);
    var tls =
        new ClientTls(
            settings.find(FeedKeys.CA),
            settings.find(FeedKeys.CERT),
            settings.find(FeedKeys.KEY),
            settings.find(FeedKeys.SERVER_NAME),
            settings.get(FeedKeys.SKIP_VERIFY));
    boolean isPlain =
        settings.setting(FeedKeys.ENDPOINT) != null && "http".equals(endpoint.getScheme());
    if (isPlain && !tls.equals(ClientTls.STANDARD)) {
      settings.problem(
          "feeds.websocket.tls",
          "is set, but feeds.websocket.endpoint uses no TLS; write https:// or remove the section");
    }
    return tls;
  }
}
