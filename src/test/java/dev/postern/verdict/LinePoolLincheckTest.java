package dev.postern.verdict;

import dev.postern.net.HeaderLine;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Every byte of a line is counted exactly once under concurrent use (invariant 9).
///
/// Public, as are its operations, because Lincheck calls them.
@Param(name = "line", gen = IntGen.class, conf = "1:2")
@Tag("lincheck")
public class LinePoolLincheckTest {
  // Never compared, and the pool fills the array.
  @SuppressWarnings("ArrayRecordComponent")
  private record Holder(HeaderLine[] lines, long paid) {}

  private final LinePool pool = new LinePool();
  private final Queue<Holder> holders = new ConcurrentLinkedQueue<>();

  @Operation
  public void acquire(@Param(name = "line") int line) {
    HeaderLine[] lines = {new HeaderLine("Name", "x".repeat(line)), new HeaderLine("Name", "x")};
    holders.add(new Holder(lines, pool.acquire(lines)));
  }

  @Operation
  public void release() {
    Holder holder = holders.poll();
    if (holder != null) {
      pool.release(holder.lines(), holder.paid());
    }
  }

  @Validate
  public void count() {
    Set<HeaderLine> different = new HashSet<>();
    long counted = pool.orphanedBytes();
    for (Holder holder : holders) {
      counted += LinePool.bytes(holder.lines(), holder.paid());
      for (HeaderLine line : holder.lines()) {
        different.add(line);
      }
    }
    long held = 0;
    for (HeaderLine line : different) {
      held += LinePool.bytes(line);
    }
    if (counted != held || pool.size() != different.size()) {
      throw new IllegalStateException(
          counted
              + " bytes and "
              + pool.size()
              + " lines instead of "
              + held
              + " and "
              + different.size());
    }
  }

  @Test
  void anyOrder_countsEachDifferentLineOnce() {
    new ModelCheckingOptions()
        .iterations(5)
        .invocationsPerIteration(60)
        .threads(3)
        .actorsPerThread(2)
        .check(LinePoolLincheckTest.class);
  }
}
