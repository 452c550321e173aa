package dev.postern.verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.postern.testing.History;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Thousands of random runs in virtual time. Each allow is compared with what the upstream had
/// decided (all invariants of entries together). Repeat one run with `-Dpostern.history.seed=…`.
class HistoryCheckTest {
  private static final int RUNS = Integer.getInteger("postern.history.runs", 2000);
  private static final int STEPS = 400;

  private static long run(long seed) {
    History history = new History();
    // Few clients often interfere with each other; many clients fill the stripes and the budget.
    int clients = seed % 4 == 0 ? 64 : 2 + (int) Math.floorMod(seed, 5L);
    HistorySimulation simulation = new HistorySimulation(seed, clients, history);
    simulation.run(STEPS);
    history.firstWrong().ifPresent(wrong -> fail("-Dpostern.history.seed=" + seed + ": " + wrong));
    assertThat(simulation.heldBytes()).as("seed " + seed).isZero();
    return history.allows();
  }

  @Test
  void randomRuns_everyAllow_isJustified() {
    Long given = Long.getLong("postern.history.seed");
    if (given != null) {
      run(given);
      return;
    }
    long first = new Random().nextLong() >>> 20;
    System.getLogger("figures")
        .log(System.Logger.Level.INFO, "%d histories from seed %d on".formatted(RUNS, first));
    long allows = 0;
    for (int i = 0; i < RUNS; i++) {
      allows += run(first + i);
    }
    assertThat(allows).as("the runs contain allows").isGreaterThan(RUNS * 10L);
  }
}
