package dev.postern.verdict;

import dev.postern.net.HeaderLine;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Keeps header lines that are equal between entries only once.
///
/// The entry that brings a line pays for its bytes. When that entry goes while others still use the
/// line, the bytes are orphaned until a newcomer takes them over or nobody needs them: what entries
/// pay and what is orphaned is together always what is really held.
final class LinePool {
  /// More lines than any answer of an upstream has; an answer with more is not remembered.
  static final int MAX_LINES = 64;

  /// Bytes of a pooled line beside its value: the line, its value's two objects and its place in
  /// the map, with compressed references.
  private static final int LINE_OVERHEAD_BYTES = 144;

  /// Names are few, except for those that one user's attributes make.
  private static final int MAX_NAMES = 1024;

  private static final class Pooled {
    final HeaderLine line;
    // Mutable state; guarded by the lock that the map holds while it computes this line.
    int holders;
    boolean paid;

    Pooled(HeaderLine line) {
      this.line = line;
    }
  }

  private final ConcurrentMap<HeaderLine, Pooled> lines = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, String> names = new ConcurrentHashMap<>();
  private final AtomicLong orphanedBytes = new AtomicLong();

  /// Replaces each line by the pooled one that equals it.
  ///
  /// @param wanted at most [#MAX_LINES] lines; changed in place
  /// @return one bit for each line that the caller pays for
  long acquire(HeaderLine[] wanted) {
    long paid = 0;
    for (int i = 0; i < wanted.length; i++) {
      boolean[] mine = new boolean[1];
      Pooled pooled =
          lines.compute(withPooledName(wanted[i]), (line, present) -> hold(line, present, mine));
      wanted[i] = pooled.line;
      paid |= mine[0] ? 1L << i : 0;
    }
    return paid;
  }

  private Pooled hold(HeaderLine line, @Nullable Pooled present, boolean[] mine) {
    Pooled pooled = present == null ? new Pooled(line) : present;
    if (present != null && !pooled.paid) {
      orphanedBytes.addAndGet(-bytes(line));
    }
    mine[0] = !pooled.paid;
    pooled.paid = true;
    pooled.holders++;
    return pooled;
  }

  private HeaderLine withPooledName(HeaderLine line) {
    String known = names.get(line.name());
    if (known == null && names.size() < MAX_NAMES) {
      names.put(line.name(), line.name());
    }
    return known == null ? line : new HeaderLine(known, line.value());
  }

  /// Gives lines back.
  ///
  /// @param held lines that were acquired
  /// @param paid the bits that were returned then
  void release(HeaderLine[] held, long paid) {
    for (int i = 0; i < held.length; i++) {
      boolean mine = (paid >>> i & 1) != 0;
      lines.computeIfPresent(held[i], (line, pooled) -> letGo(line, pooled, mine));
    }
  }

  private @Nullable Pooled letGo(HeaderLine line, Pooled pooled, boolean mine) {
    pooled.holders--;
    if (pooled.holders == 0) {
      if (!pooled.paid) {
        orphanedBytes.addAndGet(-bytes(line));
      }
      return null;
    }
    if (mine) {
      pooled.paid = false;
      orphanedBytes.addAndGet(bytes(line));
    }
    return pooled;
  }

  /// Bytes of lines that nobody pays for.
  long orphanedBytes() {
    return orphanedBytes.get();
  }

  /// How many different lines are held.
  int size() {
    return lines.size();
  }

  /// The bytes that one line costs.
  static int bytes(HeaderLine line) {
    return LINE_OVERHEAD_BYTES + line.value().length();
  }

  /// The bytes that the lines marked by bits cost together.
  static int bytes(HeaderLine[] lines, long marked) {
    int sum = 0;
    for (int i = 0; i < lines.length; i++) {
      sum += (marked >>> i & 1) == 0 ? 0 : bytes(lines[i]);
    }
    return sum;
  }
}
