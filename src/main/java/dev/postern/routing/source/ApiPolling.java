package dev.postern.routing.source;

import dev.postern.routing.Routes;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/// A source that is polled on a thread of its own.
public final class ApiPolling implements AutoCloseable {
  /// How long closing waits for what is just going on.
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

  /// What every source works with.
  ///
  /// @param routes where it reports
  /// @param ticker monotonic nanoseconds
  /// @param random spreads attempts after failures
  public record Setup(Routes routes, LongSupplier ticker, RandomGenerator random) {}

  /// Begins to poll, at once. That the API cannot be read yet is no error.
  ///
  /// @param target the API
  /// @param source what is particular to it
  /// @param parts what it works with
  /// @return the running source
  /// @throws IOException if a file of certificates cannot be read, with a message that names it
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

  /// Reads the API soon, without waiting for the end of the interval or of the pause after a
  /// failure. The result is reported to the routes as always.
  public void reload() {
    wakes.release();
  }

  /// Stops polling. When this returns, nothing more is reported, unless what is going on takes
  /// longer than a second: then what comes of it is dropped.
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
