package dev.postern.verdict;

/// Exact numbers for the most recently added tags, in a fixed amount of memory.
///
/// Each tag maps to one bucket of a few slots. If a bucket is full, the slot with the smallest
/// number is replaced and the largest number ever dropped is kept, so that a reader can tell an
/// unknown tag from one that may have been dropped.
final class TagTable {
  private static final int WAYS = 16;

  // Mutable state; guarded by this. A number of 0 marks a free slot.
  private final long[] tags;
  private final long[] numbers;
  private final long[] lost;

  /// @param bucketCount number of buckets of 16 slots, a power of two
  TagTable(int bucketCount) {
    tags = new long[bucketCount * WAYS];
    numbers = new long[bucketCount * WAYS];
    lost = new long[bucketCount];
  }

  /// Stores a number for a tag, unless a larger one is there.
  ///
  /// @param number a positive number
  synchronized void put(long tag, long number) {
    int bucket = bucket(tag);
    int smallest = bucket * WAYS;
    for (int at = bucket * WAYS; at < (bucket + 1) * WAYS; at++) {
      if (numbers[at] != 0 && tags[at] == tag) {
        numbers[at] = Math.max(numbers[at], number);
        return;
      }
      if (numbers[at] < numbers[smallest]) {
        smallest = at;
      }
    }
    lost[bucket] = Math.max(lost[bucket], numbers[smallest]);
    tags[smallest] = tag;
    numbers[smallest] = number;
  }

  /// The number of a tag.
  ///
  /// @return the largest number stored, or 0 if unknown
  synchronized long get(long tag) {
    int bucket = bucket(tag);
    for (int at = bucket * WAYS; at < (bucket + 1) * WAYS; at++) {
      if (tags[at] == tag) {
        return numbers[at];
      }
    }
    return 0;
  }

  /// An upper limit of the numbers stored for a tag.
  ///
  /// @return the number of the tag or the largest that its bucket has dropped, whichever is larger
  synchronized long atMost(long tag) {
    return Math.max(get(tag), lost[bucket(tag)]);
  }

  private int bucket(long tag) {
    return (int) (tag >>> 32) & (lost.length - 1);
  }
}
