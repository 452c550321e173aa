package dev.postern.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClockWatchTest {
  @ParameterizedTest
  @CsvSource({
    "0, 1, 0", // read one after the other
    "0, 999, 0",
    "0, 1001, 1001",
    "5000, 5000, 0",
    "5000, 5001, 5001",
    "5000, -5001, -5001",
  })
  void jump_isOneOnlyAboveTheAllowanceAndASecond(long allowance, long moved, long jump) {
    ClockWatch watch = new ClockWatch(Duration.ofMillis(allowance), 0, 1_000_000);
    assertThat(watch.observe(0, 1_000_000 + moved)).isEqualTo(jump);
    assertThat(watch.observe(0, 1_000_000 + moved)).as("reported once").isZero();
  }
}
