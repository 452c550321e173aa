package dev.postern.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BatchingExecutorTest {
  private static final long NEVER_MILLIS = TimeUnit.DAYS.toMillis(1);

  @Test
  void manyTasks_wakeTheSchedulerOnce() {
    try (ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(1)) {
      BatchingExecutor executor = new BatchingExecutor(scheduler, NEVER_MILLIS);

      for (int i = 0; i < 1000; i++) {
        executor.execute(() -> {});
      }

      assertThat(scheduler.getQueue()).hasSize(1);
      scheduler.shutdownNow();
    }
  }

  @Test
  void tasks_runInOrderAndAFailedOneStopsNoOther() throws Exception {
    List<Integer> ran = new ArrayList<>();
    try (ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor()) {
      BatchingExecutor executor = new BatchingExecutor(scheduler, 0);
      scheduler
          .submit(() -> {
            executor.execute(() -> ran.add(1));
            executor.execute(() -> {
              throw new IllegalStateException("fails");
            });
            executor.execute(() -> ran.add(2));
          })
          .get();
      // Runs after the batch: the scheduler has one thread and keeps the order of equal times.
      scheduler.schedule(() -> {}, 1, TimeUnit.MILLISECONDS).get();
      scheduler.submit(() -> executor.execute(() -> ran.add(3))).get();
      scheduler.schedule(() -> {}, 1, TimeUnit.MILLISECONDS).get();
    }

    assertThat(ran).containsExactly(1, 2, 3);
  }

  @Test
  void afterShutdown_tasksAreDropped() {
    ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
    scheduler.shutdownNow();
    List<Integer> ran = new ArrayList<>();

    new BatchingExecutor(scheduler, 0).execute(() -> ran.add(1));

    assertThat(ran).isEmpty();
  }
}
