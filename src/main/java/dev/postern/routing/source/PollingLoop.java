package dev.postern.routing.source;

import dev.postern.config.Problem;
import dev.postern.config.key.Words;
import dev.postern.routing.Routes;
import dev.postern.routing.definition.Provider;
import dev.postern.routing.definition.Snapshot;
import dev.postern.routing.source.ApiSource.Loaded;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads a source periodically until it is closed, and reports the results to the routes.
final class PollingLoop implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(PollingLoop.class);
  private static final int MOST_LOGGED = 20;

  /// Waits between attempts.
  @FunctionalInterface
  interface Pauses {
    /// Waits; less than the given time if the next attempt is requested immediately.
    ///
    /// @return false when the source is closed
    boolean pause(Duration time) throws InterruptedException;
  }

  /// Reads the source once.
  @FunctionalInterface
  interface Reading {
    /// Reads everything once.
    ///
    /// @throws ApiFailure if reading fails
    Loaded read() throws ApiFailure;
  }

  private final ApiTarget target;
  private final Provider provider;
  private final Reading reading;
  private final Routes routes;
  private final Schedule schedule;
  private final Pauses pauses;

  // Mutable state; used by the polling thread, but any thread may close it.
  private volatile boolean closed;
  private boolean isLoaded;
  private @Nullable String loggedFailure;
  private boolean isGoodLogged;
  private List<Problem> loggedLeftOut = List.of();

  PollingLoop(
      ApiTarget target,
      Provider provider,
      Reading reading,
      Routes routes,
      Schedule schedule,
      Pauses pauses) {
    this.target = target;
    this.provider = provider;
    this.reading = reading;
    this.routes = routes;
    this.schedule = schedule;
    this.pauses = pauses;
  }

  @Override
  public void run() {
    try {
      Duration pause;
      do {
        pause = attempt();
      } while (!closed && pauses.pause(pause));
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    }
  }

  /// Stops reporting; may be called from any thread.
  void close() {
    closed = true;
  }

  private Duration attempt() {
    try {
      Loaded loaded = reading.read();
      if (!closed) {
        routes.loaded(provider, loaded.snapshot(), loaded.leftOut());
        isLoaded = true;
        logGood(loaded);
      }
      return schedule.afterGood();
    } catch (ApiFailure failure) {
      return failed(failure.sentence());
    } catch (RuntimeException | Error e) {
      // Whatever the error is, the source must be tried again.
      LOG.error("Reading {}'s API failed unexpectedly", target.system(), e);
      return failed("reading it failed unexpectedly: " + e);
    }
  }

  private Duration failed(String reason) {
    Duration pause = schedule.afterFailure();
    if (!closed) {
      routes.failed(provider, List.of(new Problem(target.section(), reason)));
      logFailure(reason, pause);
    }
    return pause;
  }

  private void logGood(Loaded loaded) {
    if (!isGoodLogged) {
      isGoodLogged = true;
      loggedFailure = null;
      Snapshot snapshot = loaded.snapshot();
      LOG.info(
          "{}'s API loaded: {}, {}, {}",
          target.system(),
          Words.count(snapshot.routers().size(), "router"),
          Words.count(snapshot.middlewares().size(), "middleware"),
          Words.count(snapshot.applications().size(), "application"));
    }
    if (!loaded.leftOut().equals(loggedLeftOut)) {
      loggedLeftOut = loaded.leftOut();
      loggedLeftOut.stream()
          .limit(MOST_LOGGED)
          .forEach(problem ->
              LOG.warn(
                  "{}'s API has entries that cannot be used: {}",
                  target.system(),
                  Words.printable(problem.toString())));
      if (loggedLeftOut.size() > MOST_LOGGED) {
        LOG.warn("and {} more of these", loggedLeftOut.size() - MOST_LOGGED);
      }
    }
  }

  private void logFailure(String reason, Duration pause) {
    // Logged once while the reason stays the same.
    boolean isNews = !reason.equals(loggedFailure);
    loggedFailure = reason;
    isGoodLogged = false;
    (isNews ? LOG.atWarn() : LOG.atDebug())
        .addKeyValue("provider", provider.text())
        .addKeyValue("retryInMillis", pause.toMillis())
        .log(
            "{}'s API cannot be read, so {}: {}",
            target.system(),
            isLoaded ? "its last good state stays in use" : "there is no data from it yet",
            reason);
  }
}
