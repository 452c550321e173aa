package dev.postern.routing.source;

import dev.postern.routing.Routes;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/// Polls a source on its own thread.
public final class ApiPolling implements AutoCloseable {
  /// How long closing waits for the current attempt.
  private static final Duration CLOSING = Duration.ofSeconds(1);

  private final ApiClient client;
  private final PollingLoop loop;
  private final Semaphore wakes;
  private final Thread thread;

  private ApiPolling(ApiClient client, PollingLoop loop, Semaphore wakes, Thread thread) {
    this.client = client;
    this.loop = loop;
    this.wakes = wakes;
    this.thread = thread;
  }

  /// What all sources need.
  ///
  /// @param routes receives the results
  /// @param ticker monotonic nanoseconds
  /// @param random jitter for attempts after failures
  public record Setup(Routes routes, LongSupplier ticker, RandomGenerator random) {}

  /// Starts polling immediately. An unreadable API is not an error here; it is retried.
  ///
  /// @throws IOException if a certificate file cannot be read, with a message that names it
  public static ApiPolling start(ApiTarget target, ApiSource source, Setup parts)
      throws IOException {
    ApiClient client = new ApiClient(target, parts.ticker());
    Semaphore wakes = new Semaphore(0);
    PollingLoop loop =
        new PollingLoop(
            target,
            source.provider(),
            new StableReading(source, client)::read,
            parts.routes(),
            new Schedule(target.interval(), parts.random()),
            time -> pause(wakes, time) && !client.isClosed());
    Thread thread =
        Thread.ofPlatform().daemon().name("postern-" + source.provider().text()).start(loop);
    return new ApiPolling(client, loop, wakes, thread);
  }

  private static boolean pause(Semaphore wakes, Duration time) throws InterruptedException {
    if (wakes.tryAcquire(time.toNanos(), TimeUnit.NANOSECONDS)) {
      wakes.drainPermits();
    }
    return true;
  }

  /// Reads the API soon, without waiting for the end of the interval or of the delay after a
  /// failure. The result is reported to the routes as usual.
  public void reload() {
    wakes.release();
  }

  /// Stops polling. Nothing is reported after this returns. Waits up to a second for the current
  /// attempt; a later result is discarded.
  @Override
  public void close() {
    loop.close();
    client.close();
    wakes.release();
    try {
      thread.join(CLOSING);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
