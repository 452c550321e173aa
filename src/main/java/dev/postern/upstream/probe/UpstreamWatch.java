package dev.postern.upstream.probe;

import dev.postern.net.Endpoint;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Probes the upstream until it answers, and logs each new reason why it does not. Once it answers,
/// probing stops until [#look] is called again.
///
/// Nothing depends on the result; requests depend only on the upstream's responses to them.
public final class UpstreamWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(UpstreamWatch.class);

  /// Pauses double from the first to the longest: authentik takes minutes to start.
  static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

  static final Duration LONGEST_PAUSE = Duration.ofSeconds(60);

  @FunctionalInterface
  public interface Probe {
    /// Probes once and waits for the result.
    ///
    /// @return what is wrong and the fix, as the end of a sentence; empty if all is well
    Optional<String> trouble();
  }

  @FunctionalInterface
  interface Pauses {
    /// Waits.
    ///
    /// @return false if the watch was closed
    boolean pause(Duration time) throws InterruptedException;
  }

  private final String place;
  private final Probe probe;
  private final Pauses pauses;
  private final CountDownLatch closed;
  private final AtomicBoolean probing = new AtomicBoolean();

  // Mutable state; used by the probing thread, of which there is one at a time.
  private volatile @Nullable String loggedTrouble;
  private volatile boolean hasAnswered;

  /// Creates a watch; probing starts with [#look].
  public UpstreamWatch(Endpoint url, Probe probe) {
    CountDownLatch end = new CountDownLatch(1);
    this(url, probe, end, time -> !end.await(time.toNanos(), TimeUnit.NANOSECONDS));
  }

  UpstreamWatch(Endpoint url, Probe probe, CountDownLatch closed, Pauses pauses) {
    place = url.origin();
    this.probe = probe;
    this.closed = closed;
    this.pauses = pauses;
  }

  /// Starts probing on a thread of its own, unless it is running already.
  public void look() {
    if (closed.getCount() > 0 && probing.compareAndSet(false, true)) {
      Thread.ofVirtual().name("postern-upstream-watch").start(this::lookUntilItAnswers);
    }
  }

  void lookUntilItAnswers() {
    try {
      Duration pause = FIRST_PAUSE;
      Optional<String> trouble = probe.trouble();
      while (trouble.isPresent()) {
        log(trouble.get());
        if (!pauses.pause(pause)) {
          return;
        }
        pause =
            pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0
                ? pause.multipliedBy(2)
                : LONGEST_PAUSE;
        trouble = probe.trouble();
      }
      logAnswers();
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    } finally {
      probing.set(false);
    }
  }

  private void log(String trouble) {
    if (closed.getCount() > 0 && !trouble.equals(loggedTrouble)) {
      loggedTrouble = trouble;
      LOG.warn(
          "The identity provider at {} is not ready, so only cached verdicts are served: {}",
          place,
          trouble);
    }
  }

  private void logAnswers() {
    if (loggedTrouble != null || !hasAnswered) {
      LOG.info("The identity provider at {} answers", place);
    }
    loggedTrouble = null;
    hasAnswered = true;
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
