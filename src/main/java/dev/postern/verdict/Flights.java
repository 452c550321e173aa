package dev.postern.verdict;

import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;

/// The checks in flight with the exact tags of their credentials, and recent revocations with their
/// exact tags.
///
/// Every response is compared with both (invariant 5). A revocation by credential marks the checks
/// in flight that carry one of its tags, so a client's invented credentials never reach other
/// clients' checks and take no memory. Session, subject and application of a check are known only
/// from its response, so revocations by these are recorded. They come from feeds and from sessions
/// that the upstream has confirmed. The record holds about 65,000; a check that began before one
/// that was dropped may count as overtaken.
final class Flights {
  private static final int BUCKETS = 1 << 12;

  private final AtomicLong numbers = new AtomicLong();
  private final ConcurrentMap<Long, Flight> inFlight = new ConcurrentHashMap<>();
  private final TagTable revoked = new TagTable(BUCKETS);

  static final class Flight {
    private final long number;
    private final long[] credential;
    private volatile boolean overtaken;

    private Flight(long number, long[] credential) {
      this.number = number;
      this.credential = credential;
    }

    /// Whether its credential was revoked since it began.
    boolean isOvertaken() {
      return overtaken;
    }
  }

  /// Registers a check. Call this before calling the upstream.
  ///
  /// @param credentialTags the tags of its credential; the array is sorted and kept
  Flight begin(long[] credentialTags) {
    Arrays.sort(credentialTags);
    Flight flight = new Flight(numbers.incrementAndGet(), credentialTags);
    if (credentialTags.length > 0) {
      inFlight.put(flight.number, flight);
    }
    return flight;
  }

  /// Unregisters a check after its response was compared for the last time. May be called twice.
  void end(Flight flight) {
    inFlight.remove(flight.number);
  }

  /// Marks the checks in flight that carry one of a credential's tags.
  ///
  /// @param credentialTags the tags, sorted
  void overtake(long[] credentialTags) {
    for (Flight flight : inFlight.values()) {
      if (haveCommon(flight.credential, credentialTags)) {
        flight.overtaken = true;
      }
    }
  }

  /// Records a revocation of something other than a credential.
  ///
  /// @param tag what was revoked
  /// @param moment when, by the revocation epochs
  void record(long tag, long moment) {
    revoked.put(tag, moment);
  }

  /// Whether something other than a credential may have been revoked after a moment.
  boolean isRevokedSince(long moment, long tag) {
    return revoked.atMost(tag) > moment;
  }

  /// Number of registered checks.
  int size() {
    return inFlight.size();
  }

  private static boolean haveCommon(long[] one, long[] other) {
    int i = 0;
    int j = 0;
    while (i < one.length && j < other.length) {
      if (one[i] == other[j]) {
        return true;
      }
      if (one[i] < other[j]) {
        i = next(one, i + 1, other[j]);
      } else {
        j = next(other, j + 1, one[i]);
      }
    }
    return false;
  }

  /// The first position at or after `from` whose value is not smaller. Binary search, because a few
  /// tags may be compared with tens of thousands.
  private static int next(long[] sorted, int from, long value) {
    if (from >= sorted.length || sorted[from] >= value) {
      return from;
    }
    int found = Arrays.binarySearch(sorted, from, sorted.length, value);
    return found < 0 ? -found - 1 : found;
  }
}
