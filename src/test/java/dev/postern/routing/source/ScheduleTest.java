package dev.postern.routing.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

class ScheduleTest {
  @Property(tries = 200)
  void afterFailure_anyChance_isBetweenHalfOfTheStepAndAllOfIt(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 40) int failures,
      @ForAll @LongRange(min = 1, max = 600) long interval) {
    Schedule schedule = new Schedule(Duration.ofSeconds(interval), new java.util.Random(seed));
    Duration last = Duration.ZERO;
    for (int i = 0; i < failures; i++) {
      last = schedule.afterFailure();
    }
    long step = (long) Math.min(Math.pow(2, failures - 1) * 1000, Math.max(60, interval) * 1000.0);
    assertThat(last.toMillis()).isBetween(step / 2, step);
    assertThat(schedule.afterGood()).isEqualTo(Duration.ofSeconds(interval));
    assertThat(schedule.afterFailure().toMillis()).isBetween(500L, 1000L);
  }
}
