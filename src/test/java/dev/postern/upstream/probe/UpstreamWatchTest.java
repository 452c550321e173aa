package dev.postern.upstream.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.net.Endpoint;
import dev.postern.testing.CapturedLog;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Each reason is logged once, its end once, and probes become rarer meanwhile.
class UpstreamWatchTest {
  private static final String WARNING =
      "WARN The identity provider at http://outpost:9000 is not ready,"
          + " so only cached verdicts are served: ";
  private static final String ANSWERS = "INFO The identity provider at http://outpost:9000 answers";

  private final CapturedLog log = CapturedLog.of(UpstreamWatch.class.getName());
  private final Deque<String> troubles = new ArrayDeque<>();
  private final List<Duration> pauses = new ArrayList<>();
  private boolean continues = true;
  private final UpstreamWatch watch =
      new UpstreamWatch(
          Endpoint.of("http://outpost:9000"),
          () -> Optional.ofNullable(troubles.poll()),
          new CountDownLatch(1),
          time -> {
            pauses.add(time);
            return continues;
          });

  @AfterEach
  void stop() {
    log.close();
  }

  @Test
  void look_answersAtOnce_isLoggedOnceAndNotProbedAgain() {
    watch.lookUntilItAnswers();
    watch.lookUntilItAnswers();
    assertThat(log.lines()).containsExactly(ANSWERS);
    assertThat(pauses).isEmpty();
  }

  @Test
  void look_duringStart_logsEachNewReasonOnceAndItsEnd() {
    troubles.addAll(List.of("refuses", "refuses", "refuses", "503", "503"));
    watch.lookUntilItAnswers();
    assertThat(log.lines()).containsExactly(WARNING + "refuses", WARNING + "503", ANSWERS);
  }

  @Test
  void look_laterOutage_isLoggedAgainWithItsEnd() {
    watch.lookUntilItAnswers();
    troubles.add("refuses");
    watch.lookUntilItAnswers();
    assertThat(log.lines()).containsExactly(ANSWERS, WARNING + "refuses", ANSWERS);
  }

  @Test
  void pauses_growToAMinute() {
    for (int i = 0; i < 9; i++) {
      troubles.add("refuses");
    }
    watch.lookUntilItAnswers();
    assertThat(pauses.stream().map(Duration::toSeconds))
        .containsExactly(1L, 2L, 4L, 8L, 16L, 32L, 60L, 60L, 60L);
  }

  @Test
  void close_duringAPause_endsIt() {
    continues = false;
    troubles.addAll(List.of("refuses", "503"));
    watch.lookUntilItAnswers();
    assertThat(log.lines()).containsExactly(WARNING + "refuses");
  }

  @Test
  void close_before_logsNothing() {
    troubles.add("refuses");
    continues = false;
    watch.close();
    watch.lookUntilItAnswers();
    assertThat(log.lines()).isEmpty();
  }
}
