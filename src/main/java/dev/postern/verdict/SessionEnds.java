package dev.postern.verdict;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongSupplier;

/// What is known about sessions that end at the identity provider: whether a feed reports them,
/// which ended so recently that the upstream may still accept them, and whether the upstream may be
/// reloading its configuration.
///
/// Ended sessions are kept in a fixed number of stripes. Sessions that share a stripe with an ended
/// one are not stored for that time, which only costs checks. Credentials, which anyone can invent,
/// are kept exactly and can displace each other; one that got an allow is also kept by its session,
/// which no other client can name.
final class SessionEnds {
  /// Outposts drop a session up to 0.4 s after the message (docs/design/authentik.md section 4.2).
  static final Duration DROP_DELAY = Duration.ofSeconds(5);

  /// An outpost may still act on a request whose response never arrived; it limits writing that
  /// response to this time (docs/design/authentik.md section 1.1).
  static final Duration OUTCOME_UNKNOWN = Duration.ofSeconds(60);

  /// Outposts have reloaded at most nine seconds after an update message (docs/design/authentik.md
  /// section 3 and trap 18); the rest is for its delivery.
  static final Duration RELOAD_DELAY = Duration.ofSeconds(15);

  /// Longest life of a verdict from an outpost that may not have reloaded yet.
  static final Duration LIFE_WHILE_RELOADING = Duration.ofSeconds(1);

  private static final int BUCKETS = 1 << 10;

  private final LongSupplier ticker;
  private final long originNanos;
  // Mutable state. End of each stripe's term in nanoseconds after the origin; only ever grows.
  private final AtomicLongArray terms;
  // The same for single credentials.
  private final TagTable outcomeUnknown = new TagTable(BUCKETS);
  // End of the time in which the upstream may be reloading, in nanoseconds after the origin.
  private final AtomicLong reloadedFrom = new AtomicLong();
  // From when on ended sessions are reported, in nanoseconds after the origin.
  private volatile long reportedFrom = Long.MIN_VALUE;

  /// @param stripeCount number of stripes, a power of two
  /// @param ticker nanoseconds
  SessionEnds(int stripeCount, LongSupplier ticker) {
    this.ticker = ticker;
    originNanos = ticker.getAsLong();
    terms = new AtomicLongArray(stripeCount);
  }

  /// Whether a feed would report the end of every session that a check may have been allowed for.
  /// Also true if no feed is configured: then the operator relies on the TTL alone.
  ///
  /// @param beganNanos when the check began
  boolean areReported(long beganNanos) {
    return beganNanos - originNanos >= reportedFrom;
  }

  /// No feed reports ended sessions from now on.
  void lost() {
    reportedFrom = Long.MAX_VALUE;
  }

  /// From now on a feed reports ended sessions. The upstream may not yet have acted on ends just
  /// before, which were not reported.
  void gained() {
    reportedFrom = ticker.getAsLong() - originNanos + DROP_DELAY.toNanos();
  }

  /// Records that a session has ended. Call this before its epoch is advanced: a check that began
  /// before is refused by the epoch, one that begins later finds this.
  ///
  /// @param tag tag of the session or of its subject
  /// @param time how long the upstream may take to drop it
  void end(long tag, Duration time) {
    long term = ticker.getAsLong() - originNanos + time.toNanos();
    terms.accumulateAndGet(stripe(tag), term, Math::max);
  }

  /// Whether a check that began at a moment may have been answered by an upstream that still
  /// accepted the session. It does not matter how late the response arrives.
  boolean mayStillBeAccepted(long tag, long beganNanos) {
    return beganNanos - originNanos < terms.get(stripe(tag));
  }

  /// Records that the outcome of an event about a credential is unknown. Call this before the event
  /// revokes.
  ///
  /// @param tag the credential
  void outcomeUnknown(long tag) {
    outcomeUnknown.put(tag, ticker.getAsLong() - originNanos + OUTCOME_UNKNOWN.toNanos());
  }

  /// Whether a check that began at a moment may have been answered before the upstream acted on an
  /// event about its credential.
  boolean mayPrecedeOutcome(long tag, long beganNanos) {
    return beganNanos - originNanos < outcomeUnknown.get(tag);
  }

  /// Records that the upstream is about to reload its configuration. Call this before everything is
  /// revoked.
  void reloading() {
    long end = ticker.getAsLong() - originNanos + RELOAD_DELAY.toNanos();
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
