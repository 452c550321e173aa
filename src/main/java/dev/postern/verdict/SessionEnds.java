package dev.postern.verdict;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongSupplier;

/// What is known of sessions that end at the identity provider: whether anybody would tell, and
/// which have ended so recently that the upstream may not have forgotten them yet.
///
/// The second is kept in a fixed number of stripes. Sessions that share a stripe are not remembered
/// for as long, which costs checks and nothing else.
final class SessionEnds {
  /// Outposts forget a session up to 0.4 s after the message (authentik-contract 4.2).
  static final Duration FORGETTING = Duration.ofSeconds(5);

  /// An outpost may still act on a request whose answer nobody has seen; it bounds writing that
  /// answer by this (authentik-contract 1.1).
  static final Duration UNSEEN = Duration.ofSeconds(60);

  private final LongSupplier ticker;
  private final long originNanos;
  // Mutable state. End of each stripe's term in nanoseconds after the origin; only ever grows.
  private final AtomicLongArray terms;
  // Beginning of the time in which ends are told, likewise.
  private volatile long toldFrom = Long.MIN_VALUE;

  /// @param stripeCount number of stripes, a power of two
  /// @param ticker nanoseconds
  SessionEnds(int stripeCount, LongSupplier ticker) {
    this.ticker = ticker;
    originNanos = ticker.getAsLong();
    terms = new AtomicLongArray(stripeCount);
  }

  /// Whether the end of every session that a check may have been allowed for would be told: true as
  /// well where nobody was ever to tell, because the operator's TTL is then all that was promised.
  ///
  /// @param beganNanos when the check began
  boolean areTold(long beganNanos) {
    return beganNanos - originNanos >= toldFrom;
  }

  /// Nobody tells from now on.
  void lost() {
    toldFrom = Long.MAX_VALUE;
  }

  /// From now on it is told. What was told just before, and to nobody, the upstream may not have
  /// acted upon yet.
  void gained() {
    toldFrom = ticker.getAsLong() - originNanos + FORGETTING.toNanos();
  }

  /// Notes that a session has ended. To be called before its epoch is advanced: a check that began
  /// before is refused by the epoch, one that begins after finds this.
  ///
  /// @param tag the session, or what it belongs to
  /// @param time how long the upstream may take to forget it
  void end(long tag, Duration time) {
    long term = ticker.getAsLong() - originNanos + time.toNanos();
    terms.accumulateAndGet(stripe(tag), term, Math::max);
  }

  /// Whether a check that began at a moment may have been answered by an upstream that had not yet
  /// forgotten a session. How late its answer comes does not matter.
  boolean mayBeUnforgotten(long tag, long beganNanos) {
    return beganNanos - originNanos < terms.get(stripe(tag));
  }

  private int stripe(long tag) {
    return (int) tag & (terms.length() - 1);
  }
}
