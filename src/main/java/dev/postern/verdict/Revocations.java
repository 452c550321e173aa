package dev.postern.verdict;

import dev.postern.routing.HostSpelling;

/// Ends entries before their time.
///
/// Revocation is linearizable: once a method here has returned, no request is answered from a check
/// that began before it, whether its answer is remembered already, still on its way or shared with
/// others. The moment of the event is taken from [Epochs], each check carries the moment of its
/// beginning, and the two are compared before an entry is stored and at each use.

public final class Revocations {
  private final Tags tags;
  private final Epochs epochs;
  private final SessionEnds ends;
  private final EntryStore store;
  private final TokenReader tokens;
  private final VerdictListener listener;

  Revocations(
      Tags tags,
      Epochs epochs,
      SessionEnds ends,
      EntryStore store,
      TokenReader tokens,
      VerdictListener listener) {
    this.tags = tags;
    this.epochs = epochs;
    this.ends = ends;
    this.store = store;
    this.tokens = tokens;
    this.listener = listener;
  }

  /// Ends one session.
  ///
  /// @param sid session id, the token's `sid`
  /// @param feed who tells
  /// @return how many entries were removed
  public int bySid(String sid, Feed feed) {
    return byTag(tags.sid(sid), feed);
  }

  /// Takes notice that a session has ended at the identity provider. For some seconds more the
  /// upstream may still allow it; such an allow is relayed, not remembered and not shared. Costs
  /// the same however much is remembered: what the session has earned goes when it is next looked
  /// at.
  ///
  /// @param sid session id, the token's `sid`
  /// @param feed who tells
  public void sessionEnded(String sid, Feed feed) {
    long tag = tags.sid(sid);
    ends.end(tag, SessionEnds.FORGETTING);
    epochs.advance(tag);
    listener.revoked(feed);
  }

  /// Takes notice that from now on nobody would tell of sessions that end: what is remembered is
  /// revoked, and until [#feedGained] no life exceeds `cache.ttlWithoutSession`.
  ///
  /// @param feed the feed that was lost, or has yet to be gained
  public void feedLost(Feed feed) {
    // In this order: a check that still sees the old state began before the revocation.
    ends.lost();
    all(feed);
  }

  /// Takes notice that a feed tells of every session that ends from now on. What happened before is
  /// unknown, so what is remembered is revoked; and because the upstream may be about to forget a
  /// session of whose end nobody heard, lives stay short for some seconds more.
  ///
  /// @param feed the feed
  public void feedGained(Feed feed) {
    all(feed);
    ends.gained();
  }

  /// Ends all sessions of one subject.
  ///
  /// @param sub subject, the token's `sub`
  /// @param feed who tells
  /// @return how many entries were removed
  public int bySub(String sub, Feed feed) {
    return byTag(tags.sub(sub), feed);
  }

  /// Ends everything that one application has allowed. A host counts in every spelling: whatever
  /// the spelling that is told, all others end as well.
  ///
  /// @param application its name, its slug at the upstream, or its host
  /// @param feed who tells
  /// @return how many entries were removed
  public int byApplication(String application, Feed feed) {
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
  public int all(Feed feed) {
    epochs.advanceAll();
    int removed = store.removeIf(entry -> true);
    listener.revoked(feed);
    return removed;
  }

  private int byTag(long tag, Feed feed) {
    epochs.advance(tag);
    int removed = store.removeIf(entry -> entry.hasTag(tag));
    listener.revoked(feed);
    return removed;
  }

  /// Takes notice of a request that may change who a credential is: start, callback, sign-out, or
  /// one of their flags. Everything that its credential has earned is revoked now, and once more
  /// when the outcome is known.
  ///
  /// @param credential the request's credential
  /// @return the event, to be settled
  public OutpostEvent arrived(Credential credential) {
    OutpostEvent event = new OutpostEvent(this, credential.tags(tags.digest()));
    revoke(event);
    return event;
  }

  /// Takes notice that nobody has seen the outcome of an event. The upstream may still be about to
  /// act, so for a time nothing that the event may change is remembered.
  void outcomeUnseen(OutpostEvent event) {
    event.credentialTags().forEach(tag -> ends.end(tag, SessionEnds.UNSEEN));
    event.sessionTags().forEach(tag -> ends.end(tag, SessionEnds.UNSEEN));
  }

  /// Ends everything under an event's tags, and under the tags of the sessions that its credential
  /// is seen to have. What is remembered goes at once where the credential finds it, and elsewhere
  /// when it is next looked at.
  void revoke(OutpostEvent event) {
    // The credential first: what is stored after this moment does not survive its next use, and
    // what was stored before it is found here.
    event.credentialTags().forEach(epochs::advance);
    for (long tag : event.credentialTags()) {
      for (Entry entry : store.byCredential(tag)) {
        event.addSession(entry.session());
        store.removeEntry(entry);
      }
    }
    event.sessionTags().forEach(epochs::advance);
    listener.revoked(Feed.OUTPOST_PATHS);
  }

  /// The tags of the session that a token names.
  long[] sessionOf(String token) {
    TokenClaims claims = tokens.read(token);
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
