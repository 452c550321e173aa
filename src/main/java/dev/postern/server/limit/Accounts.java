package dev.postern.server.limit;

import java.util.concurrent.atomic.AtomicLongArray;

/// Token buckets in a fixed number of slots. Each slot is one number: the time at which its bucket
/// will be full again.
///
/// Two clients may share a slot by chance. Nobody can cause that on purpose, because the hash has a
/// random key. Nobody can make the table grow or evict others, because nothing in it is ever added
/// or removed. Responses that were in flight when a bucket became empty may overdraw it, by at most
/// its capacity; this must refill before the next challenge.
final class Accounts {
  private final AtomicLongArray fullAt;
  private final long nanosForEach;
  private final long nanosForBurst;
  private final long seed;

  /// @param slots number of slots, a power of two
  /// @param nanosForEach time until one token is refilled
  /// @param burst capacity of a bucket, in tokens
  /// @param seed random, so that clients cannot choose slots
  Accounts(int slots, double nanosForEach, int burst, long seed) {
    fullAt = new AtomicLongArray(slots);
    this.nanosForEach = Math.max(1, (long) nanosForEach);
    // A quarter of the range, so that sums with the current time do not overflow.
    nanosForBurst =
        Math.max(this.nanosForEach, (long) Math.min(nanosForEach * burst, Long.MAX_VALUE / 4.0));
    this.seed = seed;
  }

  /// The slot of a client.
  int slot(String client) {
    long hash = seed;
    for (int i = 0; i < client.length(); i++) {
      hash = mix(hash ^ client.charAt(i));
    }
    return (int) (hash >>> 32) & (fullAt.length() - 1);
  }

  /// The finisher of SplitMix64: each input bit changes about half of the output bits.
  static long mix(long value) {
    long z = value + 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  /// How long a client must wait for a token.
  ///
  /// @param now nanoseconds since the table was created
  /// @return nanoseconds, 0 if there is a token
  long waitNanos(int slot, long now) {
    return Math.max(0, fullAt.get(slot) - now + nanosForEach - nanosForBurst);
  }

  /// Takes a token.
  ///
  /// @param now nanoseconds since the table was created
  void debit(int slot, long now) {
    fullAt.updateAndGet(
        slot, full -> Math.min(Math.max(full, now) + nanosForEach, now + 2 * nanosForBurst));
  }
}
