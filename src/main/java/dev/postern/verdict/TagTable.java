package dev.postern.verdict;

/// A number for each of the tags that were put last, exactly, in a fixed amount of memory.
///
/// A tag has one bucket of a few places. Where a bucket is full, the place with the smallest number
/// is given away and the largest number that was ever lost is kept, so that a reader can tell what
/// is certainly unknown from what may have been forgotten.
final class TagTable {
  private static final int WAYS = 16;

  // Mutable state; guarded by this. A number of 0 marks a free place.
  private final long[] tags;
  private final long[] numbers;
  private final long[] lost;

  /// @param bucketCount number of buckets of 16 places, a power of two
  TagTable(int bucketCount) {
    tags = new long[bucketCount * WAYS];
    numbers = new long[bucketCount * WAYS];
    lost = new long[bucketCount];
  }

  /// Puts a number for a tag, unless a larger one is there.
  ///
  /// @param tag any tag
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
  /// @return the largest number that was put, or 0 when it is not known
  synchronized long get(long tag) {
    int bucket = bucket(tag);
    for (int at = bucket * WAYS; at < (bucket + 1) * WAYS; at++) {
      if (tags[at] == tag) {
        return numbers[at];
      }
    }
    return 0;
  }

  /// A number that is not smaller than any that was put for a tag.
  ///
  /// @return the number of the tag or the largest that its bucket has lost
  synchronized long atMost(long tag) {
    return Math.max(get(tag), lost[bucket(tag)]);
  }

  private int bucket(long tag) {
    return (int) (tag >>> 32) & (lost.length - 1);
  }
}
