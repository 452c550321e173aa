package dev.postern.verdict;

import dev.postern.routing.Application;
import dev.postern.verdict.Bindings.Group;
import dev.postern.verdict.EntryFactory.CheckStart;
import dev.postern.verdict.Flights.Flight;
import dev.postern.verdict.Verdict.Allow;
import dev.postern.verdict.Verdict.AnonymousAllow;
import dev.postern.verdict.Verdict.Challenge;
import dev.postern.verdict.Verdict.Deny;
import dev.postern.verdict.Verdict.Other;
import dev.postern.verdict.Verdict.Unavailable;
import dev.postern.verdict.VerdictListener.NotStored;
import dev.postern.verdict.Waiters.Waiter;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/// Decides what happens to a verdict: whether it is stored or shared, or removes entries.
///
/// A refusal marks its key for checks of that key that are still in flight: an allow whose check
/// began before the refusal arrived is not newer than the refusal and is not stored. These marks
/// are separate from revocations, because any client can cause thousands of refusals and must not
/// end other entries with them.
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

  CheckStart beginning(long nanos, long millis) {
    return new CheckStart(nanos, millis, revoked.now(), refusals.now());
  }

  /// The outcome for a verdict.
  ///
  /// @param entry the entry that may be shared, or null
  /// @param timeliness whether the verdict was overtaken
  record Settled(@Nullable Entry entry, Timeliness timeliness) {
    static final Settled NOTHING = new Settled(null, Timeliness.IN_TIME);
    static final Settled SUPERSEDED = new Settled(null, Timeliness.REFUSED_MEANWHILE);
    static final Settled OVERTAKEN = new Settled(null, Timeliness.REVOKED_MEANWHILE);
  }

  /// Whether an allow was overtaken by a refusal or a revocation.
  enum Timeliness {
    /// nothing came during the check, or it is no allow
    IN_TIME,
    /// another check was refused, of its key or of one that shares its stripe
    REFUSED_MEANWHILE,
    /// something that it depends on was revoked
    REVOKED_MEANWHILE
  }

  /// A check in flight: when it began, and the registration that revocations mark.
  record Begun(CheckStart beginning, Flight flight) {}

  /// Registers a check. Call this before calling the upstream.
  Flight begin(Question question) {
    return flights.begin(entries.credentialTags(question));
  }

  /// Unregisters a check after its response was compared for the last time.
  void end(Flight flight) {
    flights.end(flight);
  }

  Settled settle(VerdictKey key, Begun begun, Waiter owner, Verdict verdict) {
    Question question = owner.question();
    CheckStart beginning = begun.beginning();
    return switch (verdict) {
      case Allow _, AnonymousAllow _ when isOvertaken(question, begun, verdict) -> overtaken(owner);
      case Allow _, AnonymousAllow _ when isRefused(key, beginning) -> superseded(owner);
      case Allow allow -> settleAllow(key, begun, owner, allow);
      case AnonymousAllow allow -> {
        Entry.RevocationTags ties = entries.ties(question, null);
        yield isStripeMoved(beginning, ties)
            ? unverifiable(owner)
            : keep(owner, key, key, begun, entries.create(question, key, ties, allow, beginning));
      }
      case Unavailable _ -> Settled.NOTHING;
      case Challenge _, Deny _, Other _ -> {
        updateKnown(question, verdict, beginning);
        refuse(question, key);
        yield Settled.NOTHING;
      }
    };
  }

  /// Updates the known sessions from a verdict that was not overtaken.
  private void updateKnown(Question question, Verdict verdict, CheckStart beginning) {
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

  /// Records a verdict that is not to be stored: one that is not an allow removes the entry of its
  /// key.
  ///
  /// @param beginning when its check began
  void settleUnstored(Question question, Verdict verdict, CheckStart beginning) {
    updateKnown(question, verdict, beginning);
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

  /// Removes the entry of a key and marks the checks in flight for it. Where verdicts are shared,
  /// also removes all entries of the credential in that application, or, if no rule was evaluated,
  /// in every application that the host may belong to.
  void refuse(Question question, VerdictKey key) {
    refuse(key);
    Application application = question.application();
    boolean guessed = !question.isCacheable() && !application.alsoRevokedAs().isEmpty();
    if (application.policy().shared() || guessed) {
      entries.ofCredential(question, store).forEach(entry -> refuse(entry.key()));
    }
  }

  private void refuse(VerdictKey key) {
    refusals.advance(key.a());
    store.remove(key);
  }

  private Settled settleAllow(VerdictKey key, Begun begun, Waiter owner, Allow allow) {
    Question question = owner.question();
    CheckStart beginning = begun.beginning();
    Entry.RevocationTags ties = entries.ties(question, allow.identity());
    known.allowed(question.credential(), ties.session(), beginning.revocations());
    if (isStripeMoved(beginning, ties)) {
      return unverifiable(owner);
    }
    Group group = Sharing.group(question, allow.identity());
    boolean expected = Sharing.isExpected(question.application().policy(), allow.identity());
    if (!expected || !Sharing.agrees(question, group)) {
      if (question.application().policy().shared()) {
        // The key's group contradicts the upstream: no request may use the key.
        sharing.contradicted(question, group, beginning);
        refuse(question, key);
      }
      return forget(
          owner, key, expected ? NotStored.APPLICATION_CHANGED : NotStored.WRONG_APPLICATION);
    }
    Entry before = store.get(key);
    if (before != null && !before.upstreamApplication().equals(allow.identity().application())) {
      return forget(owner, key, NotStored.APPLICATION_CHANGED);
    }
    VerdictKey target = sharing.target(question, key, group);
    Settled settled =
        keep(
            owner,
            key,
            target,
            begun,
            entries.create(question, target, ties, allow, beginning, wallClock.millis()));
    // Bound only now, so that a request that finds the host bound also finds the entry.
    if (settled.entry() != null && group != null && !sharing.bind(question, group, beginning)) {
      return forget(owner, target, NotStored.APPLICATION_CHANGED);
    }
    return settled;
  }

  private Settled forget(Waiter owner, VerdictKey key, NotStored reason) {
    store.remove(key);
    notStored(owner, reason);
    return Settled.NOTHING;
  }

  /// @param key the key of the check
  /// @param target the key to store it under
  private Settled keep(
      Waiter owner, VerdictKey key, VerdictKey target, Begun begun, EntryFactory.Result result) {
    CheckStart beginning = begun.beginning();
    return switch (result) {
      case EntryFactory.Result.Refused(NotStored reason) -> {
        store.remove(key);
        yield forget(owner, target, reason);
      }
      case EntryFactory.Result.Made(Entry entry) -> {
        // A later refusal, or a later event about the credential, finds the entry; an earlier one
        // is seen here, and no request finds the entry in between.
        if (store.put(
            entry, () -> !begun.flight().isOvertaken() && !isRefused(key, target, beginning))) {
          yield new Settled(entry, Timeliness.IN_TIME);
        }
        if (begun.flight().isOvertaken()) {
          yield overtaken(owner);
        }
        yield isRefused(key, target, beginning) ? superseded(owner) : Settled.NOTHING;
      }
    };
  }

  /// Whether something that an allow depends on was revoked since its check began. Exact, unless
  /// the check took longer than the record of revocations reaches back (see [Flights]).
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

  /// Whether anything that an entry depends on, or that shares a stripe with it, was revoked since
  /// its check began. Events about its credential remove the entry directly.
  boolean isRevoked(Entry entry) {
    return revoked.movedSince(entry.begin(), entry.tags(), entry.credentialTags());
  }

  /// Whether anything that shares a stripe with an allow's tags was revoked since its check began.
  private boolean isStripeMoved(CheckStart beginning, Entry.RevocationTags ties) {
    return revoked.movedSince(beginning.revocations(), ties.tags(), ties.credentialTags());
  }

  /// Whether a key was refused since a check began.
  boolean isRefused(VerdictKey key, CheckStart beginning) {
    return refusals.movedSince(beginning.refusals(), key.a());
  }

  private boolean isRefused(VerdictKey key, VerdictKey target, CheckStart beginning) {
    return isRefused(key, beginning) || isRefused(target, beginning);
  }

  private Settled superseded(Waiter owner) {
    notStored(owner, NotStored.SUPERSEDED);
    return Settled.SUPERSEDED;
  }

  private Settled overtaken(Waiter owner) {
    notStored(owner, NotStored.SUPERSEDED);
    return Settled.OVERTAKEN;
  }

  /// The response is valid, but later its entry could not be distinguished from a revoked one.
  private Settled unverifiable(Waiter owner) {
    notStored(owner, NotStored.SUPERSEDED);
    return Settled.NOTHING;
  }

  private void notStored(Waiter owner, NotStored reason) {
    listener.notStored(owner.question().application().name(), reason);
  }
}
