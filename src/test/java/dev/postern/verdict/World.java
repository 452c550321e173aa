package dev.postern.verdict;

import dev.postern.config.CacheConfig;
import dev.postern.config.DataSize;
import dev.postern.config.UpstreamConfig.PresetName;
import dev.postern.net.ForwardedRequest;
import dev.postern.routing.Application;
import dev.postern.upstream.JwtReader;
import dev.postern.upstream.Presets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A verdict cache whose clocks, upstream and listener are controlled by the test.
final class World {
  static final CacheConfig DEFAULTS =
      new CacheConfig(
          Duration.ofSeconds(60),
          Duration.ofSeconds(10),
          Duration.ofSeconds(5),
          1.0,
          Duration.ZERO,
          new DataSize(64L << 20),
          Duration.ZERO);
  static final Preset PRESET = Presets.of(PresetName.AUTHENTIK);

  final AtomicLong nanos = new AtomicLong(1_000_000_000_000L);
  final AtomicLong millis = new AtomicLong(Instant.parse("2026-11-24T12:00:00Z").toEpochMilli());

  /// Run once at the next reading of the wall clock, to act in the middle of a cache operation.
  final AtomicReference<@Nullable Runnable> onNextReading = new AtomicReference<>();

  /// Stands in for the route table.
  Function<ForwardedRequest, Application> applications =
      request -> Application.ofHost(request.host(), 0);

  final HandSource upstream = new HandSource();
  final Journal journal = new Journal();
  final InFlightBudget budget;
  final VerdictCache cache;

  World() {
    this(DEFAULTS);
  }

  World(CacheConfig config) {
    this(config, 64L << 20);
  }

  /// Uses another upstream than [HandSource].
  World(CacheConfig config, VerdictSource source) {
    this(config, 64L << 20, source);
  }

  World(CacheConfig config, long budgetBytes) {
    this(config, budgetBytes, null);
  }

  private World(CacheConfig config, long budgetBytes, @Nullable VerdictSource source) {
    budget = new InFlightBudget(budgetBytes);
    InstantSource wall =
        () -> {
          Runnable first = onNextReading.getAndSet(null);
          if (first != null) {
            first.run();
          }
          return Instant.ofEpochMilli(millis.get());
        };
    cache =
        new VerdictCache(
            config,
            PRESET,
            new VerdictCache.Collaborators(
                source == null ? upstream : source,
                new JwtReader(),
                nanos::get,
                wall,
                Runnable::run,
                budget,
                journal));
  }

  /// The defaults with another refresh-ahead fraction and another grace.
  static CacheConfig config(double refreshAhead, Duration staleIfError, Duration anonymousPaths) {
    return new CacheConfig(
        DEFAULTS.ttl(),
        DEFAULTS.ttlWithoutSession(),
        DEFAULTS.skew(),
        refreshAhead,
        staleIfError,
        DEFAULTS.maxSize(),
        anonymousPaths);
  }

  /// Forgets earlier checks.
  void forgetPast() {
    upstream.forget();
  }

  /// Advances both clocks.
  void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
    millis.addAndGet(time.toMillis());
  }

  /// An expiry by the wall clock.
  long in(Duration time) {
    return millis.get() + time.toMillis();
  }

  /// An allow with a session that is valid for an hour.
  Verdict.Allow allow(String name) {
    return Verdicts.allow(name, in(Duration.ofHours(1)));
  }

  Question question(Ask ask) {
    var request = ask.request();
    return cache.question(request, applications.apply(request));
  }

  @Nullable Entry hit(Ask ask) {
    return cache.hit(question(ask), () -> "192.0.2.1");
  }

  /// The entry that answers a request, which must be there.
  Entry entry(Ask ask) {
    return Objects.requireNonNull(hit(ask), "not a hit");
  }

  boolean isHit(Ask ask) {
    return hit(ask) != null;
  }

  /// Looks up an entry; on a miss checks.
  Caller call(Ask ask) {
    Question question = question(ask);
    Entry entry = cache.hit(question, () -> "192.0.2.1");
    Caller caller = new Caller();
    if (entry == null) {
      check(question, caller);
    } else {
      caller.decisions.add(new Decision.Stored(entry, CacheStatus.HIT));
    }
    return caller;
  }

  void check(Question question, Caller caller) {
    check(question, "192.0.2.1", caller);
  }

  /// Checks for another client than the usual one.
  Caller callFrom(String client, Ask ask) {
    Caller caller = new Caller();
    check(question(ask), client, caller);
    return caller;
  }

  private void check(Question question, String client, Caller caller) {
    var deadline = VerdictSource.Deadline.at(nanos.get() + TimeUnit.SECONDS.toNanos(25));
    cache.check(question, client, deadline, caller.decisions::add);
  }

  /// Checks and answers at once.
  Caller call(Ask ask, Verdict verdict) {
    Caller caller = call(ask);
    upstream.answer(verdict);
    return caller;
  }

  /// A request that waits for a decision.
  static final class Caller {
    final List<Decision> decisions = new ArrayList<>();

    boolean isWaiting() {
      return decisions.isEmpty();
    }

    /// The decision; there must be exactly one.
    Decision decision() {
      if (decisions.size() != 1) {
        throw new AssertionError("decided " + decisions.size() + " times");
      }
      return decisions.getFirst();
    }

    CacheStatus status() {
      return decision().status();
    }

    /// The relayed verdict, or null if an entry answered.
    @Nullable Verdict relayed() {
      return decision() instanceof Decision.Relayed(Verdict verdict, var _) ? verdict : null;
    }

    @Nullable Entry entry() {
      return decision() instanceof Decision.Stored(Entry entry, var _) ? entry : null;
    }
  }
}
