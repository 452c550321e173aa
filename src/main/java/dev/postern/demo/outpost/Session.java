package dev.postern.demo.outpost;

import org.jspecify.annotations.Nullable;

/// A session as one request sees it: loaded once, changed by the handlers, saved by the store.
final class Session {
  private final boolean unloadable;
  private String id;
  private int maxAge;
  private @Nullable Claims claims;
  private boolean redirectSet;

  Session(String id, int maxAge, boolean unloadable) {
    this.id = id;
    this.maxAge = maxAge;
    this.unloadable = unloadable;
  }

  /// Whether the request brought something that the store could not load.
  boolean unloadable() {
    return unloadable;
  }

  /// The session id, empty while there is none.
  String id() {
    return id;
  }

  void id(String newId) {
    id = newId;
  }

  /// Seconds the cookie lives; negative deletes cookie and record at the next save.
  int maxAge() {
    return maxAge;
  }

  void maxAge(int seconds) {
    maxAge = seconds;
  }

  @Nullable Claims claims() {
    return claims;
  }

  void claims(@Nullable Claims newClaims) {
    claims = newClaims;
  }

  /// Whether a redirect target was noted, as the nginx endpoint and the sign-out do.
  boolean redirectSet() {
    return redirectSet;
  }

  void redirectSet(boolean set) {
    redirectSet = set;
  }
}
