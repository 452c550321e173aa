package dev.postern.verdict;

import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;

/// The checks in flight, each with the exact tags of its credential, and the revocations of the
/// recent past with their exact tags.
///
/// An answer is compared with both (invariant 5). A revocation by credential marks the checks in
/// flight that carry one of its tags: whatever anybody sends, it reaches nobody else's check and
/// takes no memory. What an answer turns out to be tied to (session, subject, application) is known
/// only when it is there, so revocations by these are recorded. They come from sessions that the
/// upstream has confirmed and from feeds. The record holds some 65,000 of them; an answer that has
/// been on its way for longer than the record reaches back counts as overtaken.
final class Flights {
  private static final int BUCKETS = 1 << 12;

  private final AtomicLong numbers = new AtomicLong();
  private final ConcurrentMap<Long, Flight> inFlight = new ConcurrentHashMap<>();
  private final TagTable revoked = new TagTable(BUCKETS);

  /// One check in flight.
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

  /// Registers a check. To be called before the upstream is asked.
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

  /// Forgets a check, once its answer has been compared for the last time. May be called twice.
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

  /// Records that something other than a credential was revoked.
  ///
  /// @param tag what it was
  /// @param moment when, by the epochs of revocations
  void record(long tag, long moment) {
    revoked.put(tag, moment);
  }

  /// Whether something other than a credential may have been revoked after a moment.
  boolean isRevokedSince(long moment, long tag) {
    return revoked.atMost(tag) > moment;
  }

  /// How many checks are registered.
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

  /// The first position from one on that does not stand before a value. A few tags against tens of
  /// thousands are found by halving.
  private static int next(long[] sorted, int from, long value) {
    if (from >= sorted.length || sorted[from] >= value) {
      return from;
    }
    int found = Arrays.binarySearch(sorted, from, sorted.length, value);
    return found < 0 ? -found - 1 : found;
  }
}
