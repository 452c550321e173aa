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

/// Holds entries within a number of bytes, and finds them by key and by credential.
///
/// It says nothing about whether an entry may still answer; that is for the caller to check, on
/// each use.
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

  /// @param maxBytes bound of everything held
  /// @param ticker nanoseconds
  /// @param executor runs the cache's maintenance
  /// @param pool the lines of the entries
  /// @param listener told of removals
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

  /// Remembers an entry in the place of the one that had its key. One session that visits invented
  /// hosts by the thousand must not fill the cache: what a credential earns beyond a bound is not
  /// remembered.
  ///
  /// @param entry an entry that nobody holds yet
  /// @param believed asked while nobody else can change or remove what its key has: what it says is
  ///   still so for everybody who looks before they can
  /// @return whether it is remembered; if not, it is discarded
  boolean put(Entry entry, BooleanSupplier believed) {
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
            .compute(entry.key(), (key, before) -> believed.getAsBoolean() ? entry : before);
    if (there != entry) {
      forget(entry);
    }
    return there == entry;
  }

  /// Whether there is no place for one more key; a key that is there may be renewed.
  private static boolean isFull(List<Entry> present, VerdictKey key) {
    return present.size() >= MAX_ENTRIES_PER_CREDENTIAL
        && present.stream().noneMatch(entry -> entry.key().equals(key));
  }

  /// Gives back what an entry holds that was never remembered.
  void discard(Entry entry) {
    pool.release(entry.lines(), entry.paidLines());
  }

  void remove(VerdictKey key) {
    entries.invalidate(key);
  }

  /// Removes an entry, wherever it stands.
  void removeEntry(Entry entry) {
    entries.asMap().remove(entry.key(), entry);
  }

  /// Removes every entry that fits.
  ///
  /// @param condition which entries
  /// @return how many there were
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

  /// The entries that a credential's cookie value or `Authorization` has earned, on every host.
  List<Entry> byCredential(long tag) {
    return byCredential.getOrDefault(tag, List.of());
  }

  /// How many entries there are.
  long size() {
    return count.sum();
  }

  /// Bytes that entries and their lines take.
  long bytes() {
    return bytes.sum() + pool.orphanedBytes();
  }

  /// Counts entries by application.
  ///
  /// @return the counts, in no order
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

  /// Runs what the cache has put off: evictions and expiries.
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

  /// What nobody pays for is taken from the room of the entries. The bound moves in steps, because
  /// moving it takes the cache's lock.
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
