package dev.postern.server.limit;

import java.util.concurrent.atomic.AtomicLongArray;

/// Token buckets in a fixed number of slots, each of which is one number: the moment at which its
/// bucket will be full again.
///
/// Two clients may share a slot by chance. Nobody can aim at that, because the hash has a random
/// key, and nobody can make the table grow or push others out of it, because nothing in it is ever
/// added or removed. A bucket may be overdrawn by as much as it holds, by answers that were on
/// their way when it ran empty; that is paid back before the next challenge.
final class Accounts {
  private final AtomicLongArray fullAt;
  private final long nanosForEach;
  private final long nanosForBurst;
  private final long seed;

  /// @param slots how many, a power of two
  /// @param nanosForEach how long one token takes to come back
  /// @param burst how many tokens a bucket holds
  /// @param seed random, keeps slots from being aimed at
  Accounts(int slots, double nanosForEach, int burst, long seed) {
    fullAt = new AtomicLongArray(slots);
    this.nanosForEach = Math.max(1, (long) nanosForEach);
    // A quarter of the range: sums with the present stay within it.
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

  /// The finisher of SplitMix64: each bit of the input changes half of the output's.
  static long mix(long value) {
    long z = value + 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  /// How long a client has to wait until there is a token.
  ///
  /// @param now nanoseconds since the table was made
  /// @return nanoseconds, 0 when there is one
  long waitNanos(int slot, long now) {
    return Math.max(0, fullAt.get(slot) - now + nanosForEach - nanosForBurst);
  }

  /// Takes a token.
  ///
  /// @param now nanoseconds since the table was made
  void debit(int slot, long now) {
    fullAt.updateAndGet(
        slot, full -> Math.min(Math.max(full, now) + nanosForEach, now + 2 * nanosForBurst));
  }
}
