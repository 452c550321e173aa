package dev.postern.verdict;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongSupplier;

/// What is known of sessions that end at the identity provider: whether anybody would tell, which
/// have ended so recently that the upstream may not have forgotten them yet, and whether the
/// upstream may be reloading its configuration.
///
/// Ended sessions are kept in a fixed number of stripes. Sessions that share a stripe are not
/// remembered for as long, which costs checks and nothing else. Credentials, which anybody can
/// invent, are kept exactly and can displace each other; one that has earned an allow is kept by
/// its session as well, which nobody else can name.
final class SessionEnds {
  /// Outposts forget a session up to 0.4 s after the message (docs/design/authentik.md section
  /// 4.2).
  static final Duration FORGETTING = Duration.ofSeconds(5);

  /// An outpost may still act on a request whose answer nobody has seen; it bounds writing that
  /// answer by this (docs/design/authentik.md section 1.1).
  static final Duration UNSEEN = Duration.ofSeconds(60);

  /// Outposts have reloaded at most nine seconds after an update was told (docs/design/authentik.md
  /// section 3 and trap 18); the rest is for its delivery.
  static final Duration RELOADING = Duration.ofSeconds(15);

  /// Longest life of what an outpost says that may not have reloaded yet.
  static final Duration LIFE_WHILE_RELOADING = Duration.ofSeconds(1);

  private static final int BUCKETS = 1 << 10;

  private final LongSupplier ticker;
  private final long originNanos;
  // Mutable state. End of each stripe's term in nanoseconds after the origin; only ever grows.
  private final AtomicLongArray terms;
  // The same for single credentials.
  private final TagTable unseen = new TagTable(BUCKETS);
  // End of the time in which the upstream may be reloading, likewise.
  private final AtomicLong reloadedFrom = new AtomicLong();
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
  boolean mayStillBeAccepted(long tag, long beganNanos) {
    return beganNanos - originNanos < terms.get(stripe(tag));
  }

  /// Notes that nobody has seen the outcome of an event about a credential. To be called before the
  /// event revokes.
  ///
  /// @param tag the credential
  void unseen(long tag) {
    unseen.put(tag, ticker.getAsLong() - originNanos + UNSEEN.toNanos());
  }

  /// Whether a check that began at a moment may have been answered before the upstream had acted on
  /// an event about its credential.
  boolean mayBeUnseen(long tag, long beganNanos) {
    return beganNanos - originNanos < unseen.get(tag);
  }

  /// Notes that the upstream is about to reload its configuration. To be called before everything
  /// is revoked.
  void reloading() {
    long end = ticker.getAsLong() - originNanos + RELOADING.toNanos();
    reloadedFrom.accumulateAndGet(end, Math::max);
  }

  /// Whether a check that began at a moment may have been answered by an upstream that had not yet
  /// reloaded its configuration.
  boolean mayBeOutdated(long beganNanos) {
    return beganNanos - originNanos < reloadedFrom.get();
  }

  private int stripe(long tag) {
    return (int) tag & (terms.length() - 1);
  }
}
