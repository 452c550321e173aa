package dev.postern.verdict;

import dev.postern.verdict.Bindings.Group;
import dev.postern.verdict.Check.Waiter;
import dev.postern.verdict.EntryFactory.Beginning;
import dev.postern.verdict.Verdict.Allow;
import dev.postern.verdict.Verdict.AnonymousAllow;
import dev.postern.verdict.Verdict.Challenge;
import dev.postern.verdict.Verdict.Deny;
import dev.postern.verdict.Verdict.Other;
import dev.postern.verdict.Verdict.Unavailable;
import dev.postern.verdict.VerdictListener.NotStored;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/// Decides what becomes of a verdict: whether it is stored, may be shared, or ends what was known.
///
/// A refused key is marked for the checks of that key that are still in flight: an allow that was
/// on its way while another check was refused is older than the refusal, or as old, and is not
/// believed. The marks are apart from the revocations, because anybody can cause refusals by the
/// thousand and must not end entries with them.
final class Settlement {
  private final EntryStore store;
  private final EntryFactory entries;
  private final Sharing sharing;
  private final Epochs revoked;
  private final Epochs refusals;
  private final KnownSessions known;
  private final InstantSource wallClock;
  private final VerdictListener listener;

  Settlement(
      EntryStore store,
      EntryFactory entries,
      Sharing sharing,
      Epochs revoked,
      Epochs refusals,
      KnownSessions known,
      InstantSource wallClock,
      VerdictListener listener) {
    this.store = store;
    this.entries = entries;
    this.sharing = sharing;
    this.revoked = revoked;
    this.refusals = refusals;
    this.known = known;
    this.wallClock = wallClock;
    this.listener = listener;
  }

  /// The present moment by everything that ends verdicts.
  ///
  /// @param nanos by the ticker
  /// @param millis by the wall clock
  Beginning beginning(long nanos, long millis) {
    return new Beginning(nanos, millis, revoked.now(), refusals.now());
  }

  /// What became of a verdict.
  ///
  /// @param entry the entry that may be shared, or null
  /// @param outrun whether an allow came too late to be believed
  record Settled(@Nullable Entry entry, boolean outrun) {
    static final Settled NOTHING = new Settled(null, false);
    static final Settled OUTRUN = new Settled(null, true);
  }

  Settled settle(VerdictKey key, Beginning beginning, Waiter asker, Verdict verdict) {
    Question question = asker.question();
    return switch (verdict) {
      case Allow _, AnonymousAllow _ when isRefused(key, beginning) -> outrun(asker);
      case Allow allow -> settleAllow(key, beginning, asker, allow);
      case AnonymousAllow allow -> {
        Entry.Ties ties = entries.ties(question, null);
        yield isRevoked(beginning, ties)
            ? outrun(asker)
            : keep(
                asker,
                key,
                key,
                beginning,
                entries.remember(question, key, ties, allow, beginning));
      }
      case Unavailable _ -> Settled.NOTHING;
      case Challenge _, Deny _, Other _ -> {
        learn(question, verdict);
        refuse(question, key);
        yield Settled.NOTHING;
      }
    };
  }

  /// Learns from a verdict that is believed whether its credential belongs to somebody.
  private void learn(Question question, Verdict verdict) {
    switch (verdict) {
      case Allow _ -> known.allowed(question.credential());
      case Challenge _ -> known.challenged(question.credential());
      case AnonymousAllow _, Deny _, Other _, Unavailable _ -> {}
    }
  }

  /// Takes notice of the answer to a question of which nothing is remembered: one that is no allow
  /// ends what is remembered for others of its key.
  void settleUnremembered(Question question, Verdict verdict) {
    learn(question, verdict);
    VerdictKey key = question.key();
    if (key == null) {
      return;
    }
    switch (verdict) {
      case Allow allow -> {
        if (!Sharing.isExpected(question.application().policy(), allow.identity())) {
          refuse(question, key);
        }
      }
      case Challenge _, Deny _, Other _ -> refuse(question, key);
      case AnonymousAllow _, Unavailable _ -> {}
    }
  }

  /// Ends what is remembered of a key, and what is on its way for it; where verdicts are shared,
  /// everything that the credential has earned of that application.
  void refuse(Question question, VerdictKey key) {
    refuse(key);
    if (question.application().policy().shared()) {
      entries.earned(question, store).forEach(entry -> refuse(entry.key()));
    }
  }

  private void refuse(VerdictKey key) {
    refusals.advance(key.a());
    store.remove(key);
  }

  private Settled settleAllow(VerdictKey key, Beginning beginning, Waiter asker, Allow allow) {
    Question question = asker.question();
    Entry.Ties ties = entries.ties(question, allow.identity());
    if (isRevoked(beginning, ties)) {
      return outrun(asker);
    }
    learn(question, allow);
    Group group = Sharing.group(question, allow.identity());
    boolean expected = Sharing.isExpected(question.application().policy(), allow.identity());
    if (!expected || !Sharing.agrees(question, group)) {
      if (question.application().policy().shared()) {
        // What the key stands for is not what the upstream says: nobody gets anything by it.
        sharing.contradicted(question, group, beginning);
        refuse(question, key);
      }
      return forget(
          asker, key, expected ? NotStored.APPLICATION_CHANGED : NotStored.WRONG_APPLICATION);
    }
    Entry before = store.get(key);
    if (before != null && !before.upstreamApplication().equals(allow.identity().application())) {
      return forget(asker, key, NotStored.APPLICATION_CHANGED);
    }
    VerdictKey target = sharing.target(question, key, group);
    Settled settled =
        keep(
            asker,
            key,
            target,
            beginning,
            entries.remember(question, target, ties, allow, beginning, wallClock.millis()));
    // Bound only now, so that whoever finds the host bound finds the entry, too.
    if (settled.entry() != null && group != null && !sharing.bind(question, group, beginning)) {
      return forget(asker, target, NotStored.APPLICATION_CHANGED);
    }
    return settled;
  }

  private Settled forget(Waiter asker, VerdictKey key, NotStored reason) {
    store.remove(key);
    notStored(asker, reason);
    return Settled.NOTHING;
  }

  /// @param key what was asked under
  /// @param target what the answer is remembered under
  private Settled keep(
      Waiter asker,
      VerdictKey key,
      VerdictKey target,
      Beginning beginning,
      EntryFactory.Result result) {
    return switch (result) {
      case EntryFactory.Result.Refused(NotStored reason) -> {
        store.remove(key);
        yield forget(asker, target, reason);
      }
      case EntryFactory.Result.Made(Entry entry) -> {
        // A refusal that comes later finds the entry; one that came before is seen here, and nobody
        // finds the entry in between.
        if (!store.put(entry, () -> !isRefused(key, target, beginning))) {
          yield isRefused(key, target, beginning) ? outrun(asker) : Settled.NOTHING;
        }
        yield new Settled(entry, false);
      }
    };
  }

  /// Whether an allow to a question that is not for the cache came too late to be believed.
  boolean isOutrun(Question question, Beginning beginning, Verdict verdict) {
    return switch (verdict) {
      case Allow allow -> isRevoked(beginning, entries.ties(question, allow.identity()));
      case AnonymousAllow _ -> isRevoked(beginning, entries.ties(question, null));
      case Challenge _, Deny _, Other _, Unavailable _ -> false;
    };
  }

  /// Whether anything that an entry is tied to was revoked since its check began.
  boolean isRevoked(Entry entry) {
    return revoked.movedSince(entry.begin(), entry.tags());
  }

  private boolean isRevoked(Beginning beginning, Entry.Ties ties) {
    return revoked.movedSince(beginning.revocations(), ties.tags());
  }

  /// Whether another check of a key was refused since one began.
  boolean isRefused(VerdictKey key, Beginning beginning) {
    return refusals.movedSince(beginning.refusals(), key.a());
  }

  private boolean isRefused(VerdictKey key, VerdictKey target, Beginning beginning) {
    return isRefused(key, beginning) || isRefused(target, beginning);
  }

  private Settled outrun(Waiter asker) {
    notStored(asker, NotStored.OUTRUN);
    return Settled.OUTRUN;
  }

  private void notStored(Waiter asker, NotStored reason) {
    listener.notStored(asker.question().application().name(), reason);
  }
}
