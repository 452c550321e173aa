package dev.postern.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.net.HeaderLine;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/// Equal lines are stored once and every byte is counted once, in any order of acquiring and
/// releasing.
class LinePoolProperties {
  /// The lines of one entry.
  private record Holder(List<HeaderLine> lines, long paid) {
    HeaderLine[] array() {
      return lines.toArray(HeaderLine[]::new);
    }
  }

  /// An entry acquires its lines or releases them.
  record Step(boolean comes, int who, List<HeaderLine> lines) {}

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<HeaderLine> line =
        Combinators.combine(Arbitraries.of("A", "a", "B"), Arbitraries.of("", "x", "longer value"))
            .as(HeaderLine::new);
    return Combinators.combine(
            Arbitraries.of(true, true, false),
            Arbitraries.integers().between(0, 99),
            line.list().ofMaxSize(5))
        .as(Step::new)
        .list()
        .ofMaxSize(60);
  }

  @Property(tries = 2000)
  void anyOrder_countsEachDifferentLineOnceAndEndsAtZero(@ForAll("steps") List<Step> steps) {
    LinePool pool = new LinePool();
    List<Holder> holders = new ArrayList<>();
    for (Step step : steps) {
      if (step.comes() || holders.isEmpty()) {
        HeaderLine[] lines = step.lines().toArray(HeaderLine[]::new);
        long paid = pool.acquire(lines);
        holders.add(new Holder(List.of(lines), paid));
        assertThat(lines).isEqualTo(step.lines().toArray());
      } else {
        Holder gone = holders.remove(step.who() % holders.size());
        pool.release(gone.array(), gone.paid());
      }
      assertCounted(pool, holders);
    }
    holders.forEach(holder -> pool.release(holder.array(), holder.paid()));
    assertThat(pool.size()).isZero();
    assertThat(pool.orphanedBytes()).isZero();
  }

  private static void assertCounted(LinePool pool, List<Holder> holders) {
    Set<HeaderLine> different = new HashSet<>();
    long paid = 0;
    for (Holder holder : holders) {
      different.addAll(holder.lines());
      paid += LinePool.bytes(holder.array(), holder.paid());
    }
    assertThat(pool.size()).isEqualTo(different.size());
    assertThat(paid + pool.orphanedBytes())
        .isEqualTo(different.stream().mapToLong(LinePool::bytes).sum());
  }

  @Example
  void acquire_equalLines_areOneObjectWithOneName() {
    LinePool pool = new LinePool();
    HeaderLine[] one = {line("Name", "value"), line("Name", "other")};
    HeaderLine[] two = {line("Name", "value")};
    pool.acquire(one);
    pool.acquire(two);
    assertThat(two[0]).isSameAs(one[0]);
    assertThat(one[1].name()).isSameAs(one[0].name());
  }

  private static HeaderLine line(String name, String value) {
    return new HeaderLine(String.valueOf(name.toCharArray()), String.valueOf(value.toCharArray()));
  }
}
