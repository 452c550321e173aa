package dev.postern.verdict;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Which credentials have earned an allow lately, and for which session, in a fixed amount of
/// memory.
///
/// Only an allow of the upstream adds a credential, so whoever has no session can neither be known
/// nor displace somebody who is. Beside a valid cookie invented ones can be sent, so one subject
/// can add only so many in a minute. A credential that is displaced by others, that a challenge or
/// a sign-out has removed, or whose session was revoked, is unknown until its next allow.
final class KnownSessions {
  /// Twice as many as a large installation has live sessions; 40 bytes for each that is there.
  private static final int SLOTS = 1 << 17;

  private final Tags tags;
  private final EntryStore store;
  private final Epochs revoked;
  private final Newcomers newcomers;
  // Mutable state. Two neighbours are one bucket, the newer first. Each is written by itself: two
  // writers of one bucket may lose one of its credentials, which only makes it unknown.
  private final AtomicReferenceArray<@Nullable Known> slots = new AtomicReferenceArray<>(SLOTS);

  /// A credential that has earned an allow.
  ///
  /// @param tag its tag
  /// @param sid tag of the session, 0 without one
  /// @param sub tag of the subject
  /// @param moment when the check began, by the epochs of revocations
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

  /// Takes notice of an allow. An ambiguous credential does not tell which of its cookies has
  /// earned it.
  ///
  /// @param session tags of the session: the `sid` if there is one, and the `sub`
  /// @param moment when the check began, by the epochs of revocations
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

  /// Takes notice that the upstream does not know a credential's session.
  void challenged(Credential credential) {
    forget(credential.tags(tags));
  }

  /// Takes notice that the session of credentials is over.
  void forget(long[] credentialTags) {
    for (long tag : credentialTags) {
      int at = find(tag);
      if (at >= 0) {
        slots.set(at, null);
      }
    }
  }

  /// Whether any part of a credential has earned an allow that was not revoked since.
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

  /// The session for which a credential has earned its last allow, whatever came since.
  ///
  /// @return its tags, none when the credential is not known
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
