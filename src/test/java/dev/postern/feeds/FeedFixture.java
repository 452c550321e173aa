package dev.postern.feeds;

import dev.postern.config.FeedsConfig.Websocket;
import dev.postern.config.Secret;
import dev.postern.config.tls.ClientTls;
import dev.postern.feeds.Listening.Timing;
import dev.postern.net.Endpoint;
import dev.postern.testing.Await;
import dev.postern.upstream.EventLoops;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/// A feed over real sockets, with short time limits, and a record of everything that it does.
abstract class FeedFixture {
  static final String ID = "6c0d3c62-0000-4000-8000-000000000001";
  static final String TOKEN = "outpost-token-Zx9";
  static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Timing FAST =
      new Timing(
          Duration.ofMillis(20),
          Duration.ofMillis(500),
          Duration.ofMillis(2000),
          Duration.ofMillis(300));
  static final String END = "{\"instruction\":4,\"args\":{\"session_id\":\"s\"}}";

  final Watched watched = new Watched();
  final EventLoops loops = EventLoops.start();
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable one : open.reversed()) {
      one.close();
    }
    loops.close();
  }

  final <T extends AutoCloseable> T closing(T one) {
    open.add(one);
    return one;
  }

  final WebsocketFeed feed(String url, String outpost, String token, ClientTls tls)
      throws IOException {
    return closing(
        WebsocketFeed.start(
            new Websocket(Endpoint.of(url), outpost, new Secret(token), tls),
            new WebsocketFeed.Setup(
                watched.revocations,
                feed -> watched,
                InstantSource.system(),
                System::nanoTime,
                loops.group()),
            FAST));
  }

  final WebsocketFeed feed(int port) throws IOException {
    return feed("http://127.0.0.1:" + port, ID, TOKEN, ClientTls.STANDARD);
  }

  static void awaitConnected(WebsocketFeed feed) {
    Await.until(
        "connected: " + feed.status(), LIMIT, () -> feed.status().state().equals("connected"));
  }

  static String awaitError(WebsocketFeed feed) {
    Await.until("an error", LIMIT, () -> feed.status().lastError() != null);
    return String.valueOf(feed.status().lastError());
  }

  final void awaitHappened(String what, int times) {
    Await.until(
        times + " times " + what + ": " + watched.happened,
        LIMIT,
        () -> Collections.frequency(watched.happened, what) >= times);
  }
}
