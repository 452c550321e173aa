package dev.postern.verdict;

import java.util.Locale;

/// Receives events of the verdict cache. Every method is a no-op unless overridden, is called on
/// the thread that does the work, and must not block.
public interface VerdictListener {
  /// Why an entry was removed.
  enum Removal {
    /// evicted to make room
    SIZE,
    /// its life ended
    EXPIRED,
    /// replaced by a fresh allow
    REPLACED,
    /// revoked, or a fresh verdict was not an allow
    ENDED
  }

  /// Why an allow was not stored.
  enum NotStored {
    /// a revocation or a refusal came during the check, for it or for something that shares a
    /// stripe with it
    SUPERSEDED,
    /// its token has already expired (docs/design/authentik.md section 2.2)
    EXPIRED_TOKEN,
    /// its session has just ended or may be about to, and the upstream may still accept it
    SESSION_ENDED,
    /// it carries something meant for one request alone, or its identity is contradictory
    UNSHAREABLE,
    /// it came from another application than the one configured for the host
    WRONG_APPLICATION,
    /// it came from another application than before for the same host and credential
    APPLICATION_CHANGED;

    /// The value of the metric's label. Dashboards know a superseded check as `outrun`.
    ///
    /// @return lower case
    public String text() {
      return this == SUPERSEDED ? "outrun" : name().toLowerCase(Locale.ROOT);
    }
  }

  /// A request was answered.
  ///
  /// @param application name of its application
  default void answered(String application, CacheStatus status) {}

  /// A call to the upstream begins.
  default void checkStarted() {}

  /// The upstream has answered or failed.
  ///
  /// @param nanos duration, including queueing
  default void checkEnded(Verdict verdict, long nanos) {}

  /// A request was refused before the upstream was called.
  default void refused(Verdict.Fault fault) {}

  /// An allow was not stored.
  ///
  /// @param application name of its application
  default void notStored(String application, NotStored reason) {}

  /// An entry was removed.
  default void removed(Removal reason) {}

  /// A revocation took effect.
  default void revoked(RevocationSource feed) {}

  /// A check failed within Postern, or its decision could not be delivered.
  default void failed(Throwable failure) {}

  /// The wall clock and the monotonic clock diverge by more than the allowance.
  ///
  /// @param millis by how much the wall clock jumped
  default void clockJumped(long millis) {}
}
