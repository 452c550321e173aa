package dev.postern.verdict;

import dev.postern.net.ForwardedRequest;
import dev.postern.routing.HostSpelling;

/// Ends entries before their time.
///
/// Revocation is linearizable: once a method here has returned, no request is answered from a check
/// that began before it, whether its verdict is stored, in flight or shared with joined requests.
/// [Epochs] gives each event a moment, each check carries the moment at which it began, and the two
/// are compared before an entry is stored and at each use. For checks in flight the exact tags
/// decide: see [Flights].
///
/// Anyone can send a credential, so an event about one affects exactly the entries and checks that
/// carry it. Stripes, which affect others too, are advanced only by feeds and for sessions that an
/// entry or the upstream's own redirect names.

public final class Revocations {
  private final Targets parts;
  private final Tags tags;
  private final Epochs epochs;
  private final Flights flights;
  private final SessionEnds ends;
  private final EntryStore store;
  private final VerdictListener listener;

  /// Collaborators of the revocations.
  ///
  /// @param preset describes the redirect of a sign-out
  /// @param epochs moments of revocations
  /// @param ends sessions that have ended recently
  /// @param known credentials that got an allow
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
  /// @return how many entries were removed
  public int bySid(String sid, RevocationSource feed) {
    return byTag(tags.sid(sid), feed);
  }

  /// Records that a session has ended at the identity provider. For a few seconds the upstream may
  /// still allow it; such an allow is relayed, not stored and not shared. Takes constant time
  /// however many entries there are: the session's entries are removed when they are next looked
  /// up.
  ///
  /// @param sid session id, the token's `sid`
  public void sessionEnded(String sid, RevocationSource feed) {
    long tag = tags.sid(sid);
    ends.end(tag, SessionEnds.DROP_DELAY);
    advance(tag);
    listener.revoked(feed);
  }

  /// Records that no feed reports ended sessions any more: all entries are revoked, and until
  /// [#feedGained] no life exceeds `cache.ttlWithoutSession`.
  ///
  /// @param feed the feed that was lost or is not yet connected
  public void feedLost(RevocationSource feed) {
    // Order matters: a check that still sees the old state began before the revocation.
    ends.lost();
    all(feed);
  }

  /// Records that a feed reports every ended session from now on. Earlier ends are unknown, so all
  /// entries are revoked; and because the upstream may not yet have dropped a session that ended
  /// unreported, lives stay short for a few seconds more.
  public void feedGained(RevocationSource feed) {
    all(feed);
    ends.gained();
  }

  /// Records that the upstream's configuration has changed, or that it is about to end sessions
  /// without naming them. All entries are revoked; and because the upstream may use its old state
  /// for some seconds, no life exceeds one second until it has certainly reloaded.
  public void upstreamChanges(RevocationSource feed) {
    // Order matters: a check that still sees the old state began before the revocation.
    ends.reloading();
    all(feed);
  }

  /// Ends all sessions of one subject.
  ///
  /// @param sub subject, the token's `sub`
  /// @return how many entries were removed
  public int bySub(String sub, RevocationSource feed) {
    return byTag(tags.sub(sub), feed);
  }

  /// Ends everything that one application has allowed. A host ends all its spellings, whichever of
  /// them is given.
  ///
  /// @param application its name, its slug at the upstream, or its host
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

  /// Records a request that may change the session of a credential: start, callback, sign-out, or
  /// one of their flags. All entries of its credential are revoked now, and once more when the
  /// outcome is known.
  ///
  /// @param onlySignsOut whether it can do nothing but end a session
  /// @return the event, which the caller must settle
  public OutpostEvent arrived(Credential credential, boolean onlySignsOut) {
    OutpostEvent event = new OutpostEvent(this, credential.tags(tags), onlySignsOut);
    revoke(event);
    return event;
  }

  /// The same for a forwarded request whose query has a flag.
  OutpostEvent arrived(Question question) {
    ForwardedRequest request = question.request();
    return arrived(
        question.credential(), parts.preset().onlySignsOut("", request.uri(), request.subQuery()));
  }

  /// Records that the outcome of an event is unknown. The upstream may still act on it, so for a
  /// while nothing that the event may change is stored.
  void outcomeUnknown(OutpostEvent event) {
    for (long tag : event.credentialTags()) {
      ends.outcomeUnknown(tag);
      event.addSession(parts.known().session(tag));
    }
    event.sessionTags().forEach(tag -> ends.end(tag, SessionEnds.OUTCOME_UNKNOWN));
  }

  /// Removes a credential whose session has ended.
  void forget(OutpostEvent event) {
    parts.known().forget(event.credentialTags());
  }

  /// Revokes by an event's tags, and by the tags of its credential's sessions. Entries of the
  /// credential are removed at once, others when they are next looked up.
  void revoke(OutpostEvent event) {
    // Checks in flight first: anything stored after this is not used, and anything stored before is
    // found below.
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

  /// The tags of the session that a redirect ends. Its token is trusted only in the query of the
  /// upstream's end-session endpoint: elsewhere in the URL, a client could have put it there.
  ///
  /// @param location the redirect's `Location`
  long[] sessionEndedBy(String location) {
    String hint = parts.preset().endedToken(location);
    TokenClaims claims = hint == null ? null : parts.tokens().read(hint);
    return claims == null ? new long[0] : session(claims);
  }

  long[] session(TokenClaims claims) {
    String sid = claims.sid();
    String sub = claims.sub();
    if (sid == null) {
      return sub == null ? new long[0] : new long[] {tags.sub(sub)};
    }
    return sub == null ? new long[] {tags.sid(sid)} : new long[] {tags.sid(sid), tags.sub(sub)};
  }
}
