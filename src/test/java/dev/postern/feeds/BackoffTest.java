package dev.postern.feeds;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class BackoffTest {
  private static List<Long> twelve(Backoff backoff) {
    List<Long> millis = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      millis.add(backoff.next().toMillis());
    }
    return millis;
  }

  @Test
  void next_withoutChance_isQuickThenDoublesUpToFiveMinutes() {
    RandomGenerator zero = () -> 0;
    assertThat(twelve(new Backoff(zero)))
        .containsExactly(
            200L, 1_000L, 2_000L, 4_000L, 8_000L, 16_000L, 32_000L, 64_000L, 128_000L, 256_000L,
            300_000L, 300_000L);
  }

  @Test
  void next_withChance_isAtLeastHalf() {
    List<Long> longest = twelve(new Backoff(() -> 0));
    for (int seed = 0; seed < 100; seed++) {
      List<Long> drawn = twelve(new Backoff(new java.util.Random(seed)));
      for (int i = 0; i < 12; i++) {
        assertThat(drawn.get(i)).isBetween(longest.get(i) / 2, longest.get(i));
      }
    }
  }

  @Test
  void reset_afterMany_isQuickAgain() {
    Backoff backoff = new Backoff(() -> 0);
    twelve(backoff);
    backoff.reset();
    assertThat(backoff.next()).hasMillis(200);
  }
}
