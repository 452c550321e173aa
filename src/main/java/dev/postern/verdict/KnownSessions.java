package dev.postern.verdict;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Which credentials got an allow recently, and for which session, in a fixed amount of memory.
///
/// Only an allow from the upstream adds a credential, so a client without a session can neither
/// become known nor displace a known one. A client can send invented cookies beside a valid one, so
/// each subject can add only a limited number per minute. A credential is unknown again, until its
/// next allow, if others displaced it, a challenge or a sign-out removed it, or its session was
/// revoked.
final class KnownSessions {
  /// Twice the live sessions of a large installation; 40 bytes for each used slot.
  private static final int SLOTS = 1 << 17;

  private final Tags tags;
  private final EntryStore store;
  private final Epochs revoked;
  private final Newcomers newcomers;
  // Mutable state. Two neighbours form one bucket, the newer first. Slots are written one by one:
  // two writers of one bucket may lose one credential, which then is only unknown.
  private final AtomicReferenceArray<@Nullable Known> slots = new AtomicReferenceArray<>(SLOTS);

  /// A credential that got an allow.
  ///
  /// @param tag its tag
  /// @param sid tag of the session, 0 without one
  /// @param sub tag of the subject
  /// @param moment when the check began, by the revocation epochs
  private record Known(long tag, long sid, long sub, long moment) {
    long[] session() {
      return sid == 0 ? new long[] {sub} : new long[] {sid, sub};
    }
  }

  KnownSessions(Tags tags, EntryStore store, Epochs revoked, LongSupplier ticker) {
    this.tags = tags;
    this.store = store;
    this.revoked = revoked;
    newcomers = new Newcomers(ticker, Duration.ofMinutes(1));
  }

  /// Records an allow. Ambiguous credentials are skipped: it is unclear which cookie got the allow.
  ///
  /// @param session tags of the session: the `sid` if there is one, and the `sub`
  /// @param moment when the check began, by the revocation epochs
  void allowed(Credential credential, long[] session, long moment) {
    if (credential.isAmbiguous()) {
      return;
    }
    long sub = session[session.length - 1];
    for (long tag : credential.tags(tags)) {
      Known known = new Known(tag, session.length > 1 ? session[0] : 0, sub, moment);
      int at = find(tag);
      if (at >= 0) {
        slots.set(at, known);
      } else if (newcomers.mayAdd(sub)) {
        add(known);
      }
    }
  }

  private void add(Known known) {
    int bucket = bucket(known.tag());
    slots.set(bucket + 1, slots.get(bucket));
    slots.set(bucket, known);
  }

  /// Removes a credential whose session the upstream does not know.
  void challenged(Credential credential) {
    forget(credential.tags(tags));
  }

  /// Removes the credentials of a session that has ended.
  void forget(long[] credentialTags) {
    for (long tag : credentialTags) {
      int at = find(tag);
      if (at >= 0) {
        slots.set(at, null);
      }
    }
  }

  /// Whether any part of a credential got an allow that was not revoked since.
  boolean isKnown(Credential credential) {
    for (long tag : credential.tags(tags)) {
      if (isKnown(tag)) {
        return true;
      }
    }
    return false;
  }

  private boolean isKnown(long tag) {
    Known known = get(tag);
    if (known != null) {
      return !revoked.movedSince(known.moment(), known.session(), 0);
    }
    for (Entry entry : store.byCredential(tag)) {
      if (!revoked.movedSince(entry.begin(), entry.tags(), entry.credentialTags())) {
        return true;
      }
    }
    return false;
  }

  /// The session of a credential's last allow, even if it was revoked since.
  ///
  /// @return its tags, empty if the credential is unknown
  long[] session(long tag) {
    Known known = get(tag);
    return known == null ? new long[0] : known.session();
  }

  private @Nullable Known get(long tag) {
    int at = find(tag);
    return at < 0 ? null : slots.get(at);
  }

  private int find(long tag) {
    int bucket = bucket(tag);
    for (int at = bucket; at < bucket + 2; at++) {
      Known known = slots.get(at);
      if (known != null && known.tag() == tag) {
        return at;
      }
    }
    return -1;
  }

  private static int bucket(long tag) {
    return (int) tag & (SLOTS - 2);
  }
}
