package dev.postern.verdict;

import java.util.concurrent.atomic.AtomicLongArray;

/// Which credentials have earned an allow lately, in a fixed amount of memory.
///
/// Only an allow of the upstream adds a credential, so whoever has no session can neither be known
/// nor displace somebody who is. A credential that is displaced by others, or that a challenge has
/// removed, is unknown until its next allow.
final class KnownSessions {
  /// Twice as many as a large installation has live sessions: 1 MiB.
  private static final int SLOTS = 1 << 17;

  private final Tags tags;
  private final EntryStore store;
  // Mutable state. Two neighbours are one bucket, the newer tag first. Each is written by itself:
  // two writers of one bucket may lose one of its tags, which only makes a credential unknown.
  private final AtomicLongArray slots = new AtomicLongArray(SLOTS);

  KnownSessions(Tags tags, EntryStore store) {
    this.tags = tags;
    this.store = store;
  }

  /// Takes notice of an allow. Beside cookies, an `Authorization` may have had no part in it: a
  /// session wins over it (authentik-contract 10, trap 11), and many people may send the same one.
  void allowed(Credential credential) {
    long[] all = credential.tags(tags);
    int earned = credential.cookieCount() == 0 ? all.length : credential.cookieCount();
    for (int i = 0; i < earned; i++) {
      add(all[i]);
    }
  }

  /// Takes notice that the upstream does not know a credential's session.
  void challenged(Credential credential) {
    for (long tag : credential.tags(tags)) {
      int bucket = bucket(tag);
      boolean _ = slots.compareAndSet(bucket, tag, 0);
      boolean _ = slots.compareAndSet(bucket + 1, tag, 0);
    }
  }

  /// Whether any part of a credential has earned an allow.
  boolean isKnown(Credential credential) {
    long[] all = credential.tags(tags);
    for (int i = 0; i < all.length; i++) {
      if (contains(all[i])
          || (i < credential.cookieCount() && !store.byCredential(all[i]).isEmpty())) {
        return true;
      }
    }
    return false;
  }

  private void add(long tag) {
    int bucket = bucket(tag);
    long newer = slots.get(bucket);
    if (newer != tag) {
      slots.set(bucket + 1, newer);
      slots.set(bucket, tag);
    }
  }

  /// Whether a tag is that of a credential that has earned an allow.
  boolean isKnown(long tag) {
    return contains(tag) || !store.byCredential(tag).isEmpty();
  }

  private boolean contains(long tag) {
    int bucket = bucket(tag);
    return slots.get(bucket) == tag || slots.get(bucket + 1) == tag;
  }

  private static int bucket(long tag) {
    return (int) tag & (SLOTS - 2);
  }
}
