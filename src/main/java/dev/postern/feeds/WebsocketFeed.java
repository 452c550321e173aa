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

/// Listens on authentik's channel to its outposts, without being one: no hello is ever sent, so it
/// does not stand in the list of outpost instances (docs/design/authentik.md section 4.2).
///
/// The connection is served by the event loops. What comes is acted on by a thread of the feed, so
/// that no event loop waits for a lookup of names or for the cache.
public final class WebsocketFeed implements AutoCloseable {
  /// How long closing waits for what the feed is just doing.
  private static final Duration CLOSING = Duration.ofSeconds(1);

  private final Listening listening;
  private final CountDownLatch closed;
  private final Thread thread;

  private WebsocketFeed(Listening listening, CountDownLatch closed, Thread thread) {
    this.listening = listening;
    this.closed = closed;
    this.thread = thread;
  }

  /// What the feed works with.
  ///
  /// @param revocations what it revokes with
  /// @param listeners gives the listener of a feed that is in use
  /// @param clock the wall clock
  /// @param ticker monotonic nanoseconds, those of the cache
  /// @param loops event loops that serve the connection; closed after the feed
  public record Setup(
      Revocations revocations,
      Function<RevocationSource, FeedListener> listeners,
      InstantSource clock,
      LongSupplier ticker,
      EventLoopGroup loops) {}

  /// Begins to listen. From now on lives are bounded by `cache.ttlWithoutSession` whenever there is
  /// no connection; that there is none yet is no error.
  ///
  /// @param config where and with what token
  /// @param parts what it works with
  /// @return the feed
  /// @throws IOException if a file of certificates cannot be read, with a message that names it
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

  /// Where it stands.
  ///
  /// @return a snapshot without secrets
  public FeedStatus status() {
    return listening.status();
  }

  /// Stops listening. When this returns, the cache counts on nobody and the feed does nothing more,
  /// unless it is still connecting: then it gives up by itself.
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
