package dev.postern.app;

import dev.postern.config.FeedsConfig;
import dev.postern.config.FeedsConfig.Websocket;
import dev.postern.feeds.FeedStatus;
import dev.postern.feeds.WebsocketFeed;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The feeds that are configured.
public final class Feeds implements AutoCloseable {
  private final List<WebsocketFeed> open;

  private Feeds(List<WebsocketFeed> open) {
    this.open = open;
  }

  static Feeds start(FeedsConfig config, WebsocketFeed.Setup parts) throws IOException {
    Websocket websocket = config.websocket();
    return new Feeds(
        websocket == null ? List.of() : List.of(WebsocketFeed.start(websocket, parts)));
  }

  /// The rows of `/api/feeds`.
  List<Map<String, ?>> rows() {
    return open.stream().<Map<String, ?>>map(feed -> row(feed.status())).toList();
  }

  private static Map<String, ?> row(FeedStatus status) {
    Instant lastEvent = status.lastEvent();
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    row.put("name", status.name());
    row.put("state", status.state());
    row.put("since", status.since().toString());
    row.put("lastEvent", lastEvent == null ? null : lastEvent.toString());
    row.put("reconnects", status.reconnects());
    row.put("lastError", status.lastError());
    return row;
  }

  @Override
  public void close() {
    open.forEach(WebsocketFeed::close);
  }
}
