package dev.postern.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.net.HeaderLine;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Entries, index and byte counts stay consistent however an entry is removed.
class EntryStoreTest {
  private static final long SECOND = 1_000_000_000L;

  private final LinePool pool = new LinePool();
  private final Journal journal = new Journal();
  private long nanos;

  private EntryStore store(long maxBytes) {
    return new EntryStore(maxBytes, () -> nanos, Runnable::run, pool, journal);
  }

  private Entry entry(int key, long credential, long endNanos) {
    HeaderLine[] lines = {
      new HeaderLine("Shared", "for everybody"), new HeaderLine("Own", "value " + key)
    };
    long paid = pool.acquire(lines);
    return new Entry(
        200,
        lines,
        null,
        new Entry.Term(0, endNanos, Long.MAX_VALUE, endNanos, Long.MAX_VALUE, endNanos),
        new Entry.Subject(
            new VerdictKey(key, 0, 0, 0),
            new Entry.RevocationTags(new long[] {credential, -credential, key}, 2, 1),
            0,
            "app",
            "slug"),
        paid);
  }

  @Test
  void anyRemoval_leavesNothingInIndexPoolAndCounts() {
    Random random = new Random(7);
    EntryStore store = store(40_000);
    List<Long> credentials = new ArrayList<>();
    for (int i = 0; i < 3000; i++) {
      long credential = 1L + random.nextInt(40);
      credentials.add(credential);
      store.put(
          entry(random.nextInt(200), credential, nanos + (1L + random.nextInt(2000)) * SECOND),
          () -> random.nextInt(10) > 0);
      nanos += random.nextInt(10) * SECOND;
      switch (random.nextInt(6)) {
        case 0 -> store.remove(new VerdictKey(random.nextInt(200), 0, 0, 0));
        case 1 -> store.byCredential(credential).forEach(store::removeEntry);
        case 2 -> store.cleanUp();
        default -> {}
      }
      assertThat(store.bytes()).isLessThanOrEqualTo(42_000);
    }
    assertThat(journal.removed).contains(VerdictListener.Removal.values());

    store.removeIf(entry -> true);
    nanos += 3000 * SECOND;
    store.cleanUp();

    assertThat(store.size()).isZero();
    assertThat(store.bytes()).isZero();
    assertThat(pool.size()).isZero();
    assertThat(credentials).allMatch(credential -> store.byCredential(credential).isEmpty());
  }

  @Test
  void put_sameKey_replacesAndTheIndexKnowsOnlyTheNewOne() {
    EntryStore store = store(1 << 20);
    Entry old = entry(1, 5, 100);
    Entry fresh = entry(1, 5, 200);
    store.put(old, () -> true);
    store.put(fresh, () -> true);
    assertThat(store.byCredential(5)).containsExactly(fresh);
    assertThat(store.size()).isEqualTo(1);
    store.removeEntry(old);
    assertThat(store.get(fresh.key())).isSameAs(fresh);
  }

  @Test
  void put_noLongerValid_changesNothingAndLeavesNothingBehind() {
    EntryStore store = store(1 << 20);
    Entry known = entry(1, 5, 100);
    store.put(known, () -> true);
    long bytes = store.bytes();

    assertThat(store.put(entry(1, 6, 200), () -> false)).isFalse();
    assertThat(store.put(entry(2, 6, 200), () -> false)).isFalse();

    assertThat(store.get(known.key())).isSameAs(known);
    assertThat(store.get(new VerdictKey(2, 0, 0, 0))).isNull();
    assertThat(store.byCredential(6)).isEmpty();
    assertThat(store.bytes()).isEqualTo(bytes);
    assertThat(store.size()).isEqualTo(1);
  }

  @Test
  void put_entryLargerThanTheBound_isGoneAtOnce() {
    EntryStore store = store(100);
    store.put(entry(1, 5, 100), () -> true);
    store.cleanUp();
    assertThat(store.size()).isZero();
    assertThat(store.byCredential(5)).isEmpty();
    assertThat(pool.size()).isZero();
  }
}
