package dev.postern.demo.outpost.session;

import org.jspecify.annotations.Nullable;

/// A session as one request sees it: loaded once, changed by the handlers, saved by the store.
public final class Session {
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

  /// Whether the request had a session cookie that the store could not load.
  public boolean unloadable() {
    return unloadable;
  }

  /// The session id, empty while there is none.
  public String id() {
    return id;
  }

  /// Gives the session an id.
  public void id(String newId) {
    id = newId;
  }

  /// Seconds the cookie lives; negative deletes cookie and record at the next save.
  public int maxAge() {
    return maxAge;
  }

  /// Sets the life of the cookie.
  ///
  /// @param seconds seconds; negative to delete
  public void maxAge(int seconds) {
    maxAge = seconds;
  }

  /// The identity.
  ///
  /// @return the identity, or null before the login
  public @Nullable Claims claims() {
    return claims;
  }

  /// Sets the identity.
  ///
  /// @param newClaims the identity, or null
  public void claims(@Nullable Claims newClaims) {
    claims = newClaims;
  }

  /// Whether a redirect target is stored, as the nginx endpoint and the sign-out do.
  public boolean redirectSet() {
    return redirectSet;
  }

  /// Sets whether a redirect target is stored.
  public void redirectSet(boolean set) {
    redirectSet = set;
  }
}
