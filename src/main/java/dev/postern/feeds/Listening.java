package dev.postern.feeds;

import dev.postern.feeds.FeedState.Connected;
import dev.postern.feeds.FeedState.Connecting;
import dev.postern.feeds.FeedState.Lost;
import dev.postern.verdict.FeedListener;
import dev.postern.verdict.RevocationSource;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Listens to a channel while the feed is open, and reconnects whenever it is lost.
///
/// A new connection is not trusted at once: authentik answers the handshake before it subscribes
/// the connection to messages, so this waits for a ping or pong and a moment more. Until then, and
/// whenever the connection is lost, the cache treats session ends as unreported.
final class Listening implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(Listening.class);

  /// After this time a connection counts as stable and the backoff starts over.
  static final Duration LASTING = Duration.ofMinutes(1);

  /// Time limits.
  ///
  /// @param settle minimum age of a connection before it is trusted
  /// @param ping silence after which a ping is sent
  /// @param pong how long to wait for the pong
  /// @param message how long one message may take to arrive
  record Timing(Duration settle, Duration ping, Duration pong, Duration message) {
    static final Timing STANDARD =
        new Timing(
            Duration.ofSeconds(1),
            Duration.ofSeconds(10),
            Duration.ofSeconds(10),
            Duration.ofSeconds(10));
  }

  @FunctionalInterface
  interface Pauses {
    /// Waits.
    ///
    /// @return false if the feed was closed
    boolean pause(Duration time) throws InterruptedException;
  }

  /// Collaborators of the feed.
  ///
  /// @param clock the wall clock, for the status
  /// @param ticker nanoseconds
  /// @param pauses waits between attempts
  /// @param backoff how long to wait
  record Collaborators(
      InstantSource clock,
      LongSupplier ticker,
      Pauses pauses,
      Backoff backoff,
      FeedListener listener) {}

  private final Channel.Connector connector;
  private final Effects effects;
  private final Timing timing;
  private final Collaborators parts;

  // Mutable state; written by the listening thread, except that any thread may close.
  private volatile FeedStatus status;
  private volatile @Nullable Channel channel;
  private volatile boolean closed;
  private @Nullable String loggedReason;
  private boolean trusted;

  Listening(Channel.Connector connector, Effects effects, Timing timing, Collaborators parts) {
    this.connector = connector;
    this.effects = effects;
    this.timing = timing;
    this.parts = parts;
    Instant now = parts.clock().instant();
    status =
        new FeedStatus(
            RevocationSource.WEBSOCKET.text(), new Connecting().text(), now, null, 0, null);
  }

  FeedStatus status() {
    return status;
  }

  @Override
  public void run() {
    try {
      while (!closed) {
        String reason = connectOnce();
        if (closed) {
          return;
        }
        Duration pause = parts.backoff().next();
        enter(new Lost(reason, pause));
        if (!parts.pauses().pause(pause)) {
          return;
        }
        enter(new Connecting());
        parts.listener().reconnecting();
      }
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    }
  }

  void close() {
    closed = true;
    Channel open = channel;
    if (open != null) {
      open.close();
    }
  }

  /// Listens to one connection until it is lost.
  ///
  /// @return why it was lost
  private String connectOnce() {
    String reason;
    try (Channel open = connector.connect()) {
      channel = open;
      listen(open);
      reason = "closed";
    } catch (ConnectionLost lost) {
      reason = lost.reason();
    } catch (RuntimeException | Error e) {
      // The thread must survive anything while the cache relies on this feed.
      LOG.error("A feed failed unexpectedly", e);
      reason = "failed unexpectedly: " + e;
    }
    channel = null;
    if (trusted) {
      trusted = false;
      effects.lost();
      parts.listener().connected(false);
    }
    return reason;
  }

  private void listen(Channel open) throws ConnectionLost {
    long opened = parts.ticker().getAsLong();
    long received = opened;
    long pinged = opened;
    boolean waiting = true;
    open.ping();
    while (!closed) {
      long now = parts.ticker().getAsLong();
      if (!trusted && !waiting && now - opened >= timing.settle().toNanos()) {
        gain();
      }
      if (trusted && now - opened >= LASTING.toNanos()) {
        parts.backoff().reset();
      }
      if (!waiting && now - received >= timing.ping().toNanos()) {
        open.ping();
        pinged = now;
        waiting = true;
      }
      long due = waiting ? pinged + timing.pong().toNanos() : received + timing.ping().toNanos();
      if (!trusted && !waiting) {
        due = Math.min(due, opened + timing.settle().toNanos());
      }
      if (waiting && due - now <= 0) {
        throw new ConnectionLost(
            "it has been silent for "
                + timing.ping().plus(timing.pong()).toSeconds()
                + " s; authentik hangs, or something in between drops the connection");
      }
      if (isAlive(open.receive(Duration.ofNanos(Math.max(1, due - now))))) {
        received = parts.ticker().getAsLong();
        waiting = false;
      }
    }
  }

  private boolean isAlive(Received received) throws ConnectionLost {
    return switch (received) {
      case Received.Text(String text) -> {
        apply(Instruction.read(text));
        yield true;
      }
      case Received.Alive _ -> true;
      case Received.Silence _ -> false;
    };
  }

  private void apply(Instruction instruction) throws ConnectionLost {
    FeedListener.Event event = effects.apply(instruction);
    Instant now = parts.clock().instant();
    parts.listener().event(event, now.toEpochMilli());
    FeedStatus old = status;
    status =
        new FeedStatus(
            old.name(), old.state(), old.since(), now, old.reconnects(), old.lastError());
    if (instruction instanceof Instruction.Unreadable) {
      // It could have been a session end.
      throw new ConnectionLost(
          "it sent something that is not an instruction; check that feeds.websocket.endpoint is"
              + " authentik");
    }
  }

  private void gain() {
    effects.gained();
    trusted = true;
    parts.listener().connected(true);
    enter(new Connected());
  }

  private void enter(FeedState state) {
    FeedStatus old = status;
    status =
        switch (state) {
          case Connecting _ -> changed(state, old.reconnects() + 1, old.lastError());
          case Connected _ -> changed(state, old.reconnects(), null);
          case Lost(String reason, Duration _) -> changed(state, old.reconnects(), reason);
        };
    log(state);
  }

  private FeedStatus changed(FeedState state, long reconnects, @Nullable String lastError) {
    return new FeedStatus(
        status.name(),
        state.text(),
        parts.clock().instant(),
        status.lastEvent(),
        reconnects,
        lastError);
  }

  private void log(FeedState state) {
    switch (state) {
      case Connecting _ -> LOG.debug("Connecting to authentik's outpost channel");
      case Connected _ -> {
        loggedReason = null;
        LOG.info("authentik reports ended sessions");
      }
      case Lost(String reason, Duration pause) -> {
        // Another failed attempt with the same reason is logged at debug only.
        boolean isNewReason = !reason.equals(loggedReason);
        loggedReason = reason;
        (isNewReason ? LOG.atWarn() : LOG.atDebug())
            .addKeyValue("feed", status.name())
            .addKeyValue("retryInMillis", pause.toMillis())
            .log(
                "authentik does not report ended sessions, so entries live at most"
                    + " cache.ttlWithoutSession: {}",
                reason);
      }
    }
  }
}
