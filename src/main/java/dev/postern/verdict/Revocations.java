package dev.postern.verdict;

import dev.postern.net.ForwardedRequest;
import dev.postern.routing.HostSpelling;

/// Ends entries before their time.
///
/// Revocation is linearizable: once a method here has returned, no request is answered from a check
/// that began before it, whether its answer is remembered already, still on its way or shared with
/// others. The moment of the event is taken from [Epochs], each check carries the moment of its
/// beginning, and the two are compared before an entry is stored and at each use. For checks in
/// flight the exact tags decide: see [Flights].
///
/// Anybody can send a credential, so an event about one has exact effects alone: it ends the
/// entries and marks the checks that carry the credential. Stripes, which touch others too, are
/// advanced only for sessions that an entry or the upstream's own redirect names, and by feeds.

public final class Revocations {
  private final Targets parts;
  private final Tags tags;
  private final Epochs epochs;
  private final Flights flights;
  private final SessionEnds ends;
  private final EntryStore store;
  private final VerdictListener listener;

  /// What it works with.
  ///
  /// @param preset says what a sign-out's redirect looks like
  /// @param tags makes the tags
  /// @param epochs moments of revocations
  /// @param flights the checks in flight
  /// @param ends sessions that end
  /// @param store what is remembered
  /// @param known credentials that have earned an allow
  /// @param tokens reads tokens
  /// @param listener told of revocations
  record Targets(
      Preset preset,
      Tags tags,
      Epochs epochs,
      Flights flights,
      SessionEnds ends,
      EntryStore store,
      KnownSessions known,
      TokenReader tokens,
      VerdictListener listener) {}

  Revocations(Targets parts) {
    this.parts = parts;
    tags = parts.tags();
    epochs = parts.epochs();
    flights = parts.flights();
    ends = parts.ends();
    store = parts.store();
    listener = parts.listener();
  }

  /// Ends one session.
  ///
  /// @param sid session id, the token's `sid`
  /// @param feed who tells
  /// @return how many entries were removed
  public int bySid(String sid, RevocationSource feed) {
    return byTag(tags.sid(sid), feed);
  }

  /// Takes notice that a session has ended at the identity provider. For some seconds more the
  /// upstream may still allow it; such an allow is relayed, not remembered and not shared. Costs
  /// the same however much is remembered: what the session has earned goes when it is next looked
  /// at.
  ///
  /// @param sid session id, the token's `sid`
  /// @param feed who tells
  public void sessionEnded(String sid, RevocationSource feed) {
    long tag = tags.sid(sid);
    ends.end(tag, SessionEnds.FORGETTING);
    advance(tag);
    listener.revoked(feed);
  }

  /// Takes notice that from now on nobody would tell of sessions that end: what is remembered is
  /// revoked, and until [#feedGained] no life exceeds `cache.ttlWithoutSession`.
  ///
  /// @param feed the feed that was lost, or has yet to be gained
  public void feedLost(RevocationSource feed) {
    // In this order: a check that still sees the old state began before the revocation.
    ends.lost();
    all(feed);
  }

  /// Takes notice that a feed tells of every session that ends from now on. What happened before is
  /// unknown, so what is remembered is revoked; and because the upstream may be about to forget a
  /// session of whose end nobody heard, lives stay short for some seconds more.
  ///
  /// @param feed the feed
  public void feedGained(RevocationSource feed) {
    all(feed);
    ends.gained();
  }

  /// Takes notice that the upstream's configuration has changed, or that it is about to end
  /// sessions that nobody names. What is remembered is revoked; and because the upstream may go by
  /// its old state for some seconds more, no life exceeds one second until it certainly has
  /// followed.
  ///
  /// @param feed who tells
  public void upstreamChanges(RevocationSource feed) {
    // In this order: a check that still sees the old state began before the revocation.
    ends.reloading();
    all(feed);
  }

  /// Ends all sessions of one subject.
  ///
  /// @param sub subject, the token's `sub`
  /// @param feed who tells
  /// @return how many entries were removed
  public int bySub(String sub, RevocationSource feed) {
    return byTag(tags.sub(sub), feed);
  }

  /// Ends everything that one application has allowed. A host counts in every spelling: whatever
  /// the spelling that is told, all others end as well.
  ///
  /// @param application its name, its slug at the upstream, or its host
  /// @param feed who tells
  /// @return how many entries were removed
  public int byApplication(String application, RevocationSource feed) {
    String plain = HostSpelling.plain(application);
    int removed = byTag(tags.application(application), feed);
    return plain.equals(application) || plain.isEmpty()
        ? removed
        : removed + byTag(tags.application(plain), feed);
  }

  /// Ends everything.
  ///
  /// @param feed who tells
  /// @return how many entries were removed
  public int all(RevocationSource feed) {
    epochs.advanceAll();
    int removed = store.removeIf(entry -> true);
    listener.revoked(feed);
    return removed;
  }

  private void advance(long tag) {
    flights.record(tag, epochs.advance(tag));
  }

  private int byTag(long tag, RevocationSource feed) {
    advance(tag);
    int removed = store.removeIf(entry -> entry.hasTag(tag));
    listener.revoked(feed);
    return removed;
  }

  /// Takes notice of a request that may change who a credential is: start, callback, sign-out, or
  /// one of their flags. Everything that its credential has earned is revoked now, and once more
  /// when the outcome is known.
  ///
  /// @param credential the request's credential
  /// @param onlySignsOut whether it can do nothing but end a session
  /// @return the event, to be settled
  public OutpostEvent arrived(Credential credential, boolean onlySignsOut) {
    OutpostEvent event = new OutpostEvent(this, credential.tags(tags), onlySignsOut);
    revoke(event);
    return event;
  }

  /// The same for a forwarded request.
  ///
  /// @param question one whose query has a flag
  OutpostEvent arrived(Question question) {
    ForwardedRequest request = question.request();
    return arrived(
        question.credential(), parts.preset().onlySignsOut("", request.uri(), request.subQuery()));
  }

  /// Takes notice that nobody has seen the outcome of an event. The upstream may still be about to
  /// act, so for a time nothing that the event may change is remembered.
  void outcomeUnseen(OutpostEvent event) {
    for (long tag : event.credentialTags()) {
      ends.unseen(tag);
      event.addSession(parts.known().session(tag));
    }
    event.sessionTags().forEach(tag -> ends.end(tag, SessionEnds.UNSEEN));
  }

  /// Takes notice that the session of a credential is over.
  void forget(OutpostEvent event) {
    parts.known().forget(event.credentialTags());
  }

  /// Ends everything under an event's tags, and under the tags of the sessions that its credential
  /// is seen to have. What is remembered goes at once where the credential finds it, and elsewhere
  /// when it is next looked at.
  void revoke(OutpostEvent event) {
    // The checks in flight first: what is stored after this moment is not believed, and what was
    // stored before it is found here.
    flights.overtake(event.credentialTags());
    for (long tag : event.credentialTags()) {
      for (Entry entry : store.byCredential(tag)) {
        event.addSession(entry.session());
        store.removeEntry(entry);
      }
    }
    event.sessionTags().forEach(this::advance);
    listener.revoked(RevocationSource.OUTPOST_PATHS);
  }

  /// The tags of the session that a redirect says has ended. Its token counts in the query of the
  /// upstream's end-session endpoint alone: elsewhere in an address it may be anybody's text.
  ///
  /// @param location the redirect's `Location`
  long[] sessionEndedBy(String location) {
    String hint = parts.preset().endedToken(location);
    TokenClaims claims = hint == null ? null : parts.tokens().read(hint);
    return claims == null ? new long[0] : session(claims);
  }

  /// The tags of a session.
  long[] session(TokenClaims claims) {
    String sid = claims.sid();
    String sub = claims.sub();
    if (sid == null) {
      return sub == null ? new long[0] : new long[] {tags.sub(sub)};
    }
    return sub == null ? new long[] {tags.sid(sid)} : new long[] {tags.sid(sid), tags.sub(sub)};
  }
}
