package dev.postern.verdict;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Policy;
import com.github.benmanes.caffeine.cache.RemovalCause;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Holds entries within a byte limit, and finds them by key and by credential.
///
/// It does not check whether an entry may still be served; the caller must do that at each use.
final class EntryStore {
  private static final int MAX_ENTRIES_PER_CREDENTIAL = 256;

  private final Cache<VerdictKey, Entry> entries;
  private final Policy.Eviction<VerdictKey, Entry> bound;
  private final ConcurrentMap<Long, List<Entry>> byCredential = new ConcurrentHashMap<>();
  private final LinePool pool;
  private final long maxBytes;
  private final VerdictListener listener;
  private final LongAdder bytes = new LongAdder();
  private final LongAdder count = new LongAdder();

  /// @param maxBytes limit for everything held
  /// @param ticker nanoseconds
  /// @param executor runs the cache's maintenance
  EntryStore(
      long maxBytes,
      LongSupplier ticker,
      Executor executor,
      LinePool pool,
      VerdictListener listener) {
    this.maxBytes = maxBytes;
    this.pool = pool;
    this.listener = listener;
    entries =
        Caffeine.newBuilder()
            .maximumWeight(maxBytes)
            .weigher((VerdictKey key, Entry entry) -> entry.bytes())
            .expireAfter(
                Expiry.<VerdictKey, Entry>writing(
                    (key, entry) -> Duration.ofNanos(entry.staleEndNanos() - ticker.getAsLong())))
            .ticker(ticker::getAsLong)
            .executor(executor)
            .removalListener(this::onRemoval)
            .build();
    bound = entries.policy().eviction().orElseThrow();
  }

  @Nullable Entry get(VerdictKey key) {
    return entries.getIfPresent(key);
  }

  /// Stores an entry, replacing the one with its key. The number of entries per credential is
  /// limited, so that one session that visits thousands of invented hosts cannot fill the cache.
  ///
  /// @param entry an entry that is not stored yet
  /// @param isValid evaluated while the key is locked, so its result still holds for every caller
  ///   that reads the key afterwards; the entry is stored only if it is true
  /// @return whether it is stored; if not, it is discarded
  boolean put(Entry entry, BooleanSupplier isValid) {
    for (int i = 0; i < entry.credentialTags(); i++) {
      if (isFull(byCredential(entry.tags()[i]), entry.key())) {
        discard(entry);
        return false;
      }
    }
    for (int i = 0; i < entry.credentialTags(); i++) {
      byCredential.merge(entry.tags()[i], List.of(entry), EntryStore::concatenate);
    }
    bytes.add(entry.bytes());
    count.increment();
    Entry there =
        entries
            .asMap()
            .compute(entry.key(), (key, before) -> isValid.getAsBoolean() ? entry : before);
    if (there != entry) {
      forget(entry);
    }
    return there == entry;
  }

  /// Whether the credential's limit is reached; a key that is there may be replaced.
  private static boolean isFull(List<Entry> present, VerdictKey key) {
    return present.size() >= MAX_ENTRIES_PER_CREDENTIAL
        && present.stream().noneMatch(entry -> entry.key().equals(key));
  }

  /// Releases the lines of an entry that is not stored.
  void discard(Entry entry) {
    pool.release(entry.lines(), entry.paidLines());
  }

  void remove(VerdictKey key) {
    entries.invalidate(key);
  }

  /// Removes this entry, but not another one with the same key.
  void removeEntry(Entry entry) {
    entries.asMap().remove(entry.key(), entry);
  }

  /// Removes every entry that matches.
  ///
  /// @return how many were removed
  int removeIf(Predicate<Entry> condition) {
    int removed = 0;
    for (var mapping : entries.asMap().entrySet()) {
      if (condition.test(mapping.getValue())
          && entries.asMap().remove(mapping.getKey(), mapping.getValue())) {
        removed++;
      }
    }
    return removed;
  }

  /// The entries of a credential's cookie value or `Authorization`, on all hosts.
  List<Entry> byCredential(long tag) {
    return byCredential.getOrDefault(tag, List.of());
  }

  long size() {
    return count.sum();
  }

  /// Memory of entries and lines in bytes.
  long bytes() {
    return bytes.sum() + pool.orphanedBytes();
  }

  /// Entry counts by application, in no particular order.
  Collection<ApplicationEntries> byApplication() {
    Map<String, ApplicationEntries> counts = new HashMap<>();
    for (Entry entry : entries.asMap().values()) {
      counts.merge(
          entry.application(),
          new ApplicationEntries(entry.application(), 1, entry.bytes()),
          ApplicationEntries::plus);
    }
    return counts.values();
  }

  /// Runs pending evictions and expiries.
  void cleanUp() {
    entries.cleanUp();
  }

  private void onRemoval(@Nullable VerdictKey key, @Nullable Entry entry, RemovalCause cause) {
    if (entry == null) {
      return;
    }
    forget(entry);
    keepBound();
    listener.removed(
        switch (cause) {
          case SIZE -> VerdictListener.Removal.SIZE;
          case EXPIRED -> VerdictListener.Removal.EXPIRED;
          case REPLACED -> VerdictListener.Removal.REPLACED;
          case EXPLICIT, COLLECTED -> VerdictListener.Removal.ENDED;
        });
  }

  private void forget(Entry entry) {
    for (int i = 0; i < entry.credentialTags(); i++) {
      byCredential.computeIfPresent(entry.tags()[i], (tag, present) -> without(present, entry));
    }
    bytes.add(-entry.bytes());
    count.decrement();
    discard(entry);
  }

  /// Orphaned lines reduce the room for entries. The limit moves in steps, because setting it takes
  /// the cache's lock.
  private void keepBound() {
    long wanted = Math.max(0, maxBytes - pool.orphanedBytes());
    if (Math.abs(wanted - bound.getMaximum()) > maxBytes / 64) {
      bound.setMaximum(wanted);
    }
  }

  private static List<Entry> concatenate(List<Entry> present, List<Entry> added) {
    List<Entry> both = new ArrayList<>(present);
    both.addAll(added);
    return List.copyOf(both);
  }

  private static @Nullable List<Entry> without(List<Entry> present, Entry gone) {
    List<Entry> rest = new ArrayList<>(present);
    rest.removeIf(entry -> entry == gone);
    return rest.isEmpty() ? null : List.copyOf(rest);
  }
}
