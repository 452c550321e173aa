package dev.postern.feeds;

import dev.postern.config.FeedsConfig.Websocket;
import dev.postern.config.tls.client.ClientTlsContext;
import dev.postern.feeds.Listening.Timing;
import dev.postern.verdict.FeedListener;
import dev.postern.verdict.RevocationSource;
import dev.postern.verdict.Revocations;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLContext;

/// Listens on authentik's channel for outposts without acting as one: it never sends a hello, so it
/// does not appear in the list of outpost instances (docs/design/authentik.md section 4.2).
///
/// The event loops serve the connection. Messages are handled on the feed's own thread, so that
/// event loops never block on name resolution or on the cache.
public final class WebsocketFeed implements AutoCloseable {
  /// How long closing waits for the feed's current work.
  private static final Duration CLOSING = Duration.ofSeconds(1);

  private final Listening listening;
  private final CountDownLatch closed;
  private final Thread thread;

  private WebsocketFeed(Listening listening, CountDownLatch closed, Thread thread) {
    this.listening = listening;
    this.closed = closed;
    this.thread = thread;
  }

  /// Collaborators of the feed.
  ///
  /// @param listeners returns the listener for a feed
  /// @param ticker monotonic nanoseconds, shared with the cache
  /// @param loops event loops that serve the connection; closed after the feed
  public record Setup(
      Revocations revocations,
      Function<RevocationSource, FeedListener> listeners,
      InstantSource clock,
      LongSupplier ticker,
      EventLoopGroup loops) {}

  /// Starts listening. From now on `cache.ttlWithoutSession` limits lives whenever there is no
  /// connection; a failing first attempt is not an error.
  ///
  /// @param config endpoint, outpost and token
  /// @throws IOException if a certificate file cannot be read, with a message that names it
  public static WebsocketFeed start(Websocket config, Setup parts) throws IOException {
    return start(config, parts, Timing.STANDARD);
  }

  static WebsocketFeed start(Websocket config, Setup parts, Timing timing) throws IOException {
    SSLContext context = ClientTlsContext.of("feeds.websocket.tls", config.tls());
    Effects effects = new Effects(parts.revocations());
    effects.lost();
    CountDownLatch closed = new CountDownLatch(1);
    Listening listening =
        new Listening(
            new OutpostConnector(
                config,
                context,
                new OutpostConnector.Network(
                    parts.loops(), InetAddress::getAllByName, timing.message(), parts.ticker())),
            effects,
            timing,
            new Listening.Collaborators(
                parts.clock(),
                parts.ticker(),
                time -> !closed.await(time.toNanos(), TimeUnit.NANOSECONDS),
                new Backoff(new Random()),
                parts.listeners().apply(RevocationSource.WEBSOCKET)));
    Thread thread = Thread.ofPlatform().daemon().name("postern-feed-websocket").start(listening);
    return new WebsocketFeed(listening, closed, thread);
  }

  /// A snapshot of the state, without secrets.
  public FeedStatus status() {
    return listening.status();
  }

  /// Stops listening. When this returns, the cache treats session ends as unreported and the feed
  /// does nothing more, unless it is still connecting: then it stops by itself.
  @Override
  public void close() {
    closed.countDown();
    listening.close();
    try {
      thread.join(CLOSING);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
