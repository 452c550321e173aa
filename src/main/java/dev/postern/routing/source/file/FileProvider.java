package dev.postern.routing.source.file;

import dev.postern.config.Problem;
import dev.postern.config.ProvidersConfig;
import dev.postern.config.dynamic.DynamicConfigLoader;
import dev.postern.config.dynamic.DynamicConfigLoader.Loaded;
import dev.postern.config.dynamic.DynamicConfigLoader.Refused;
import dev.postern.config.key.Unreadable;
import dev.postern.routing.Routes;
import dev.postern.routing.definition.Provider;
import dev.postern.routing.pluginoptions.ForwardOptionsReader.Known;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Loads the rules directory or file, and reloads it on changes. A failed load is reported, and the
/// last good one stays in use (docs/design/traefik.md section 5.1).
public final class FileProvider implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FileProvider.class);

  private final ProvidersConfig.FileProvider config;
  private final Setup parts;
  private final DynamicConfigLoader loader;
  private final RulesLog log;
  private final AtomicBoolean isDue = new AtomicBoolean();
  private @Nullable DirectoryEvents events;
  private @Nullable ScheduledFuture<?> polling;

  // Guarded by this.
  private Fingerprint seen = Fingerprint.NONE;
  private int pollsSinceFailure = -1;
  private boolean isClosed;

  /// What the provider needs.
  ///
  /// @param routes receives the results
  /// @param environment values for `env` in templates
  /// @param known the relevant part of the static configuration
  /// @param scheduler runs loads; not closed by the provider
  /// @param pace how fast changes are detected
  public record Setup(
      Routes routes,
      Map<String, String> environment,
      Known known,
      ScheduledExecutorService scheduler,
      Pace pace) {}

  /// How fast changes are detected.
  ///
  /// @param quiet how long a load waits for further events after the first
  /// @param poll time between two polls, for changes without an event
  public record Pace(Duration quiet, Duration poll) {
    /// 200 ms and 3 s.
    public static final Pace STANDARD = new Pace(Duration.ofMillis(200), Duration.ofSeconds(3));
  }

  private FileProvider(ProvidersConfig.FileProvider config, Setup parts) {
    this.config = config;
    this.parts = parts;
    this.loader = new DynamicConfigLoader(parts.environment());
    this.log = new RulesLog(LOG, config.path());
  }

  /// Loads once on this thread, then watches for changes if configured. Failures are reported to
  /// the routes and the log, never thrown.
  public static FileProvider start(ProvidersConfig.FileProvider config, Setup parts) {
    var provider = new FileProvider(config, parts);
    if (config.watch()) {
      provider.listen();
    }
    provider.reload();
    if (config.watch()) {
      long poll = parts.pace().poll().toNanos();
      provider.polling =
          parts
              .scheduler()
              .scheduleWithFixedDelay(provider::poll, poll, poll, TimeUnit.NANOSECONDS);
    }
    return provider;
  }

  private void listen() {
    try {
      events =
          DirectoryEvents.start(config.path().getFileSystem().newWatchService(), this::reloadSoon);
    } catch (IOException | UnsupportedOperationException e) {
      log.eventsMissing(e);
    }
  }

  /// Loads now, even if nothing has changed.
  public synchronized void reload() {
    if (isClosed) {
      return;
    }
    isDue.set(false);
    safely(() -> {
      // Taken before reading, so that a change during the read is detected.
      seen = Fingerprint.of(config.path());
      watchDirectories();
      List<Problem> problems = load();
      pollsSinceFailure = -1;
      if (!problems.isEmpty()) {
        failed(problems);
        log.failed(problems);
      }
    });
  }

  /// Neither a bug nor a lack of memory may end the watch or prevent the start.
  private void safely(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException | Error e) {
      try {
        List<Problem> problems =
            List.of(
                new Problem(
                    config.path().toString(),
                    "cannot be read because of an unexpected error: " + e));
        failed(problems);
        log.unexpected(problems, e);
      } catch (RuntimeException | Error _) {
        // Even reporting failed; the next poll tries again.
      }
    }
  }

  private void failed(List<Problem> problems) {
    pollsSinceFailure = 0;
    parts.routes().failed(Provider.FILE, problems);
  }

  private List<Problem> load() {
    boolean isDirectory = Files.isDirectory(config.path());
    String mistaken =
        switch (config.kind()) {
          case DIRECTORY -> isDirectory || !Files.exists(config.path()) ? "" : "is no directory";
          case FILE -> isDirectory ? "is a directory; name it with directory" : "";
        };
    if (!mistaken.isEmpty()) {
      return List.of(new Problem(config.path().toString(), mistaken));
    }
    return switch (loader.load(config.path())) {
      case Refused(var problems, _) -> problems;
      case Loaded(var dynamic, var warnings) -> {
        var made = FileSnapshot.of(dynamic, config.defaultRuleSyntax(), parts.known());
        if (made.problems().isEmpty()) {
          List<Problem> all = Stream.concat(warnings.stream(), made.warnings().stream()).toList();
          parts.routes().loaded(Provider.FILE, made.snapshot(), all);
          log.loaded(made.snapshot(), all);
        }
        yield made.problems();
      }
    };
  }

  private void watchDirectories() {
    if (events != null) {
      try {
        events.watch(Fingerprint.directories(config.path()));
      } catch (IOException e) {
        log.eventsMissing(e);
      }
    }
  }

  /// Waits a moment after the first event for further ones.
  private void reloadSoon() {
    if (isDue.compareAndSet(false, true)) {
      try {
        long quiet = parts.pace().quiet().toNanos();
        var _ = parts.scheduler().schedule(this::reload, quiet, TimeUnit.NANOSECONDS);
      } catch (RejectedExecutionException _) {
        // The program is stopping.
      }
    }
  }

  /// Loads if something has changed without an event; after a failure every tenth time even without
  /// a change.
  private synchronized void poll() {
    boolean isRetry = pollsSinceFailure >= 0 && ++pollsSinceFailure % 10 == 0;
    safely(() -> {
      if (isRetry || !Fingerprint.of(config.path()).equals(seen)) {
        reload();
      }
    });
  }

  /// Stops watching; the loaded rules stay in use.
  @Override
  public void close() {
    synchronized (this) {
      isClosed = true;
    }
    if (polling != null) {
      polling.cancel(false);
    }
    if (events != null) {
      try {
        events.close();
      } catch (IOException e) {
        LOG.warn("Watching {} cannot be stopped: {}", config.path(), Unreadable.why(e));
      }
    }
  }
}
