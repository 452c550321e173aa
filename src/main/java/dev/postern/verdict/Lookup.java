package dev.postern.verdict;

import dev.postern.verdict.EntryFactory.CheckStart;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Finds entries that may be served now: not revoked, and within their life by both clocks.
final class Lookup {
  private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE);

  private final EntryStore store;
  private final VerdictRecorder recorder;
  private final Revocations revocations;
  private final ClockWatch clocks;
  private final Duration staleIfError;
  private final LongSupplier ticker;
  private final InstantSource wallClock;
  private final VerdictListener listener;

  Lookup(
      EntryStore store,
      VerdictRecorder recorder,
      Revocations revocations,
      ClockWatch clocks,
      Duration staleIfError,
      VerdictCache.Collaborators parts) {
    this.store = store;
    this.recorder = recorder;
    this.revocations = revocations;
    this.clocks = clocks;
    this.staleIfError = staleIfError;
    ticker = parts.ticker();
    wallClock = parts.wallClock();
    listener = parts.listener();
  }

  /// The entry that answers a question, or null. An entry stored for another question of the same
  /// key may live longer than this question permits.
  ///
  /// @param key the question's key now
  @Nullable Entry fresh(VerdictKey key, Question question) {
    return fresh(key, question, ticker.getAsLong());
  }

  /// As [#fresh(VerdictKey, Question)], with the ticker already read.
  ///
  /// @param nanos now
  @Nullable Entry fresh(VerdictKey key, Question question, long nanos) {
    long millis = wallClock.millis();
    Entry entry = unrevoked(key, nanos, millis);
    return entry != null
            && entry.isFresh(nanos, millis)
            && isYoungEnough(entry, question, Duration.ZERO, nanos, millis)
        ? entry
        : null;
  }

  /// Whether a new entry is as young as a question requires: its check may have begun long before
  /// the question was asked.
  boolean isYoungEnough(Entry entry, Question question) {
    return isYoungEnough(entry, question, Duration.ZERO, ticker.getAsLong(), wallClock.millis());
  }

  private static boolean isYoungEnough(
      Entry entry, Question question, Duration grace, long nanos, long millis) {
    Duration bound = question.application().policy().ttl();
    return bound == null || entry.isYoungerThan(nanos(bound.plus(grace)), nanos, millis);
  }

  private static long nanos(Duration bound) {
    return bound.compareTo(LONGEST) < 0 ? bound.toNanos() : Long.MAX_VALUE;
  }

  private @Nullable Entry unrevoked(VerdictKey key, long nanos, long millis) {
    Entry entry = store.get(key);
    if (entry == null) {
      return null;
    }
    watchClocks(nanos, millis);
    if (recorder.isRevoked(entry)) {
      store.removeEntry(entry);
      return null;
    }
    return entry;
  }

  /// After a clock jump or a suspend, no end of life can be trusted.
  private void watchClocks(long nanos, long millis) {
    long jump = clocks.observe(nanos, millis);
    if (jump != 0) {
      listener.clockJumped(jump);
      revocations.all(RevocationSource.CLOCK);
    }
  }

  /// The entry to serve while the upstream is unavailable, or null.
  @Nullable Entry stale(VerdictKey key, Question question) {
    long nanos = ticker.getAsLong();
    long millis = wallClock.millis();
    Entry entry = unrevoked(key, nanos, millis);
    return entry != null
            && entry.isUsableStale(nanos, millis)
            && isYoungEnough(entry, question, staleIfError, nanos, millis)
        ? entry
        : null;
  }

  CheckStart begin() {
    long nanos = ticker.getAsLong();
    long millis = wallClock.millis();
    watchClocks(nanos, millis);
    return recorder.beginning(nanos, millis);
  }
}
