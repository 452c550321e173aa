package dev.postern.feeds;

import dev.postern.feeds.Arrivals.Arrival;
import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The listening thread's side of an open websocket: takes what the event loop received, and limits
/// the time from a message's first byte to its last.
final class OutpostChannel implements Channel {
  private final io.netty.channel.Channel connection;
  private final Arrivals arrivals;
  private final Duration messageLimit;
  private final LongSupplier ticker;

  // Mutable state; used by the listening thread only.
  private long unfinished;
  private long unfinishedEnd;

  /// @param connection after its handshake; auto-read is off
  /// @param arrivals what it receives
  /// @param messageLimit how long a message may take to arrive
  /// @param ticker nanoseconds
  OutpostChannel(
      io.netty.channel.Channel connection,
      Arrivals arrivals,
      Duration messageLimit,
      LongSupplier ticker) {
    this.connection = connection;
    this.arrivals = arrivals;
    this.messageLimit = messageLimit;
    this.ticker = ticker;
  }

  @Override
  public Received receive(Duration patience) throws ConnectionLost {
    long end = ticker.getAsLong() + patience.toNanos();
    while (true) {
      long now = ticker.getAsLong();
      checkUnfinished(now);
      Arrival next = next(Math.min(end - now, unfinished == 0 ? end - now : unfinishedEnd - now));
      switch (next) {
        case Arrival.Data(Received received) -> {
          return received;
        }
        case Arrival.Begun(long number) -> {
          unfinished = number;
          unfinishedEnd = ticker.getAsLong() + messageLimit.toNanos();
        }
        case Arrival.End(String reason) -> throw new ConnectionLost(reason);
        case null -> {
          if (ticker.getAsLong() - end >= 0) {
            return new Received.Silence();
          }
        }
      }
    }
  }

  private void checkUnfinished(long now) throws ConnectionLost {
    if (unfinished == 0 || now - unfinishedEnd < 0) {
      return;
    }
    if (arrivals.isUnfinished(unfinished)) {
      throw new ConnectionLost("a message did not end within " + messageLimit.toSeconds() + " s");
    }
    unfinished = 0;
  }

  /// Reads from the connection only when nothing is queued.
  private @Nullable Arrival next(long nanos) throws ConnectionLost {
    try {
      Arrival next = arrivals.poll(0);
      if (next == null) {
        connection.read();
        next = arrivals.poll(nanos);
      }
      return next;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ConnectionLost("interrupted", e);
    }
  }

  /// No ping while the peer does not read.
  @Override
  public void ping() {
    if (connection.isWritable()) {
      ChannelFuture _ = connection.writeAndFlush(new PingWebSocketFrame());
    }
  }

  /// Also ends a waiting [#receive], even after the event loops have stopped.
  @Override
  public void close() {
    ChannelFuture _ = connection.close();
    arrivals.end("closed");
  }
}
