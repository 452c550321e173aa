package dev.postern.verdict;

import dev.postern.net.HeaderLine;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Stores header lines that are equal between entries only once.
///
/// The first entry with a line pays for its bytes. When that entry is removed while others still
/// use the line, the bytes are orphaned until a new entry takes them over or no entry uses the
/// line. What entries pay plus what is orphaned is always the memory really held.
final class LinePool {
  /// More lines than any real response has; a response with more is not stored.
  static final int MAX_LINES = 64;

  /// Bytes of a pooled line besides its value: the line, its value's two objects and its node in
  /// the map, with compressed references.
  private static final int LINE_OVERHEAD_BYTES = 144;

  /// There are few header names, except those made from user attributes.
  private static final int MAX_NAMES = 1024;

  private static final class Pooled {
    final HeaderLine line;
    // Mutable state; guarded by the map's lock for this line.
    int holders;
    boolean paid;

    Pooled(HeaderLine line) {
      this.line = line;
    }
  }

  private final ConcurrentMap<HeaderLine, Pooled> lines = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, String> names = new ConcurrentHashMap<>();
  private final AtomicLong orphanedBytes = new AtomicLong();

  /// Replaces each line by its pooled equal.
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

  /// Releases lines.
  ///
  /// @param held lines that were acquired
  /// @param paid the bits returned by [#acquire]
  void release(HeaderLine[] held, long paid) {
    for (int i = 0; i < held.length; i++) {
      boolean mine = (paid >>> i & 1) != 0;
      lines.computeIfPresent(held[i], (line, pooled) -> releaseOne(line, pooled, mine));
    }
  }

  private @Nullable Pooled releaseOne(HeaderLine line, Pooled pooled, boolean mine) {
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

  /// Bytes of lines that no entry pays for.
  long orphanedBytes() {
    return orphanedBytes.get();
  }

  /// Number of different lines held.
  int size() {
    return lines.size();
  }

  static int bytes(HeaderLine line) {
    return LINE_OVERHEAD_BYTES + line.value().length();
  }

  /// Memory of the lines marked by bits.
  static int bytes(HeaderLine[] lines, long marked) {
    int sum = 0;
    for (int i = 0; i < lines.length; i++) {
      sum += (marked >>> i & 1) == 0 ? 0 : bytes(lines[i]);
    }
    return sum;
  }
}
