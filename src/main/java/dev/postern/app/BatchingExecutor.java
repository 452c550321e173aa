package dev.postern.app;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Delays tasks a little and runs them in batches.
///
/// The cache requests maintenance after every few hits. Waking a thread each time would cost more
/// than the hits themselves, and maintenance is not urgent.
final class BatchingExecutor implements Executor {
  private static final Logger LOG = LoggerFactory.getLogger(BatchingExecutor.class);

  private final ScheduledExecutorService scheduler;
  private final long delayMillis;
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean scheduled = new AtomicBoolean();

  /// @param scheduler runs the tasks; when it is shut down, tasks are dropped
  /// @param delayMillis how long the first task of a batch waits for others
  BatchingExecutor(ScheduledExecutorService scheduler, long delayMillis) {
    this.scheduler = scheduler;
    this.delayMillis = delayMillis;
  }

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
    if (!scheduled.get() && scheduled.compareAndSet(false, true)) {
      schedule();
    }
  }

  private void schedule() {
    try {
      ScheduledFuture<?> _ = scheduler.schedule(this::run, delayMillis, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException stopping) {
      tasks.clear();
    }
  }

  private void run() {
    // Reset before polling, so that a task added from now on schedules the next batch.
    scheduled.set(false);
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      try {
        task.run();
      } catch (RuntimeException | Error failure) {
        LOG.error("A task failed within Postern; please report this with the lines below", failure);
      }
    }
  }
}
