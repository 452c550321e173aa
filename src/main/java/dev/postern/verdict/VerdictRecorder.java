package dev.postern.verdict;

import dev.postern.routing.Application;
import dev.postern.verdict.Bindings.Group;
import dev.postern.verdict.Waiters.Waiter;
import dev.postern.verdict.EntryFactory.CheckStart;
import dev.postern.verdict.Flights.Flight;
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
final class VerdictRecorder {
  private final EntryStore store;
  private final EntryFactory entries;
  private final Sharing sharing;
  private final Epochs revoked;
  private final Epochs refusals;
  private final Flights flights;
  private final KnownSessions known;
  private final InstantSource wallClock;
  private final VerdictListener listener;

  VerdictRecorder(
      EntryStore store,
      EntryFactory entries,
      Sharing sharing,
      Epochs revoked,
      Epochs refusals,
      Flights flights,
      KnownSessions known,
      InstantSource wallClock,
      VerdictListener listener) {
    this.store = store;
    this.entries = entries;
    this.sharing = sharing;
    this.revoked = revoked;
    this.refusals = refusals;
    this.flights = flights;
    this.known = known;
    this.wallClock = wallClock;
    this.listener = listener;
  }

  /// The present moment by everything that ends verdicts.
  ///
  /// @param nanos by the ticker
  /// @param millis by the wall clock
  CheckStart beginning(long nanos, long millis) {
    return new CheckStart(nanos, millis, revoked.now(), refusals.now());
  }

  /// What became of a verdict.
  ///
  /// @param entry the entry that may be shared, or null
  /// @param belief whether an allow came in time
  record Settled(@Nullable Entry entry, Belief belief) {
    static final Settled NOTHING = new Settled(null, Belief.IN_TIME);
    static final Settled SUPERSEDED = new Settled(null, Belief.REFUSED_MEANWHILE);
    static final Settled OVERTAKEN = new Settled(null, Belief.REVOKED_MEANWHILE);
  }

  /// Whether an allow came in time to be believed.
  enum Belief {
    /// nothing came while it was asked for, or it is no allow
    IN_TIME,
    /// another check of its key was refused, or of a key that shares a stripe with it
    REFUSED_MEANWHILE,
    /// what it is tied to was revoked
    REVOKED_MEANWHILE
  }

  /// A check in flight: when it began, and what revocations mark.
  record Begun(CheckStart beginning, Flight flight) {}

  /// Registers a check. To be called before the upstream is asked.
  Flight takeOff(Question question) {
    return flights.begin(entries.credentialTags(question));
  }

  /// Forgets a check, once its answer has been compared for the last time.
  void land(Flight flight) {
    flights.end(flight);
  }

  Settled settle(VerdictKey key, Begun begun, Waiter asker, Verdict verdict) {
    Question question = asker.question();
    CheckStart beginning = begun.beginning();
    return switch (verdict) {
      case Allow _, AnonymousAllow _ when isOvertaken(question, begun, verdict) -> overtaken(asker);
      case Allow _, AnonymousAllow _ when isRefused(key, beginning) -> outrun(asker);
      case Allow allow -> settleAllow(key, begun, asker, allow);
      case AnonymousAllow allow -> {
        Entry.RevocationTags ties = entries.ties(question, null);
        yield isTouched(beginning, ties)
            ? touched(asker)
            : keep(asker, key, key, begun, entries.remember(question, key, ties, allow, beginning));
      }
      case Unavailable _ -> Settled.NOTHING;
      case Challenge _, Deny _, Other _ -> {
        learn(question, verdict, beginning);
        refuse(question, key);
        yield Settled.NOTHING;
      }
    };
  }

  /// Learns from a verdict that is believed whether its credential belongs to somebody.
  private void learn(Question question, Verdict verdict, CheckStart beginning) {
    switch (verdict) {
      case Allow allow ->
          known.allowed(
              question.credential(),
              entries.ties(question, allow.identity()).session(),
              beginning.revocations());
      case Challenge _ -> known.challenged(question.credential());
      case AnonymousAllow _, Deny _, Other _, Unavailable _ -> {}
    }
  }

  /// Takes notice of the answer to a question of which nothing is remembered: one that is no allow
  /// ends what is remembered for others of its key.
  ///
  /// @param beginning when it was asked
  void settleUnremembered(Question question, Verdict verdict, CheckStart beginning) {
    learn(question, verdict, beginning);
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
  /// everything that the credential has earned of that application. Where the application is not
  /// known, because no rule was asked, of each that it may be.
  void refuse(Question question, VerdictKey key) {
    refuse(key);
    Application application = question.application();
    boolean guessed = !question.mayBeRemembered() && !application.alsoRevokedAs().isEmpty();
    if (application.policy().shared() || guessed) {
      entries.earned(question, store).forEach(entry -> refuse(entry.key()));
    }
  }

  private void refuse(VerdictKey key) {
    refusals.advance(key.a());
    store.remove(key);
  }

  private Settled settleAllow(VerdictKey key, Begun begun, Waiter asker, Allow allow) {
    Question question = asker.question();
    CheckStart beginning = begun.beginning();
    Entry.RevocationTags ties = entries.ties(question, allow.identity());
    known.allowed(question.credential(), ties.session(), beginning.revocations());
    if (isTouched(beginning, ties)) {
      return touched(asker);
    }
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
            begun,
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
      Waiter asker, VerdictKey key, VerdictKey target, Begun begun, EntryFactory.Result result) {
    CheckStart beginning = begun.beginning();
    return switch (result) {
      case EntryFactory.Result.Refused(NotStored reason) -> {
        store.remove(key);
        yield forget(asker, target, reason);
      }
      case EntryFactory.Result.Made(Entry entry) -> {
        // A refusal, or an event about the credential, that comes later finds the entry; one that
        // came before is seen here, and nobody finds the entry in between.
        if (store.put(
            entry, () -> !begun.flight().isOvertaken() && !isRefused(key, target, beginning))) {
          yield new Settled(entry, Belief.IN_TIME);
        }
        if (begun.flight().isOvertaken()) {
          yield overtaken(asker);
        }
        yield isRefused(key, target, beginning) ? outrun(asker) : Settled.NOTHING;
      }
    };
  }

  /// Whether what an allow is tied to was revoked since its check began. Exact, but for an answer
  /// that was so long on its way that nobody remembers (see [Flights]).
  boolean isOvertaken(Question question, Begun begun, Verdict verdict) {
    return switch (verdict) {
      case Allow allow -> isOvertaken(begun, entries.ties(question, allow.identity()));
      case AnonymousAllow _ -> isOvertaken(begun, entries.ties(question, null));
      case Challenge _, Deny _, Other _, Unavailable _ -> false;
    };
  }

  private boolean isOvertaken(Begun begun, Entry.RevocationTags ties) {
    long moment = begun.beginning().revocations();
    if (begun.flight().isOvertaken() || revoked.allMovedSince(moment)) {
      return true;
    }
    for (int i = ties.credentialTags(); i < ties.tags().length; i++) {
      if (flights.isRevokedSince(moment, ties.tags()[i])) {
        return true;
      }
    }
    return false;
  }

  /// Whether anything that an entry is tied to, or that shares a stripe with it, was revoked since
  /// its check began. An event about its credential has removed it.
  boolean isRevoked(Entry entry) {
    return revoked.movedSince(entry.begin(), entry.tags(), entry.credentialTags());
  }

  /// Whether something that shares a stripe with an allow was revoked since its check began.
  private boolean isTouched(CheckStart beginning, Entry.RevocationTags ties) {
    return revoked.movedSince(beginning.revocations(), ties.tags(), ties.credentialTags());
  }

  /// Whether another check of a key was refused since one began.
  boolean isRefused(VerdictKey key, CheckStart beginning) {
    return refusals.movedSince(beginning.refusals(), key.a());
  }

  private boolean isRefused(VerdictKey key, VerdictKey target, CheckStart beginning) {
    return isRefused(key, beginning) || isRefused(target, beginning);
  }

  private Settled outrun(Waiter asker) {
    notStored(asker, NotStored.SUPERSEDED);
    return Settled.SUPERSEDED;
  }

  private Settled overtaken(Waiter asker) {
    notStored(asker, NotStored.SUPERSEDED);
    return Settled.OVERTAKEN;
  }

  /// Nothing is wrong with the answer, but nobody could tell later that its entry is not revoked.
  private Settled touched(Waiter asker) {
    notStored(asker, NotStored.SUPERSEDED);
    return Settled.NOTHING;
  }

  private void notStored(Waiter asker, NotStored reason) {
    listener.notStored(asker.question().application().name(), reason);
  }
}
