package dev.postern.verdict;

/// Told what the verdict cache does; every method is a no-op unless overridden, is called on the
/// thread that does the work, and must not block.
public interface VerdictListener {
  /// Why an entry is gone.
  enum Removal {
    /// to make room
    SIZE,
    /// its life was over
    EXPIRED,
    /// a fresh answer took its place
    REPLACED,
    /// revoked, or a fresh answer was not an allow
    ENDED
  }

  /// Why an allow was not remembered.
  enum NotStored {
    /// a revocation or a refusal came while it was being asked for, of it or of something that
    /// shares a stripe with it
    SUPERSEDED,
    /// its token has already expired (docs/design/authentik.md section 2.2)
    EXPIRED_TOKEN,
    /// its session has just ended or may be about to, and the upstream may not have forgotten it
    SESSION_ENDED,
    /// it carries something meant for one request alone, or what identifies it contradicts itself
    UNSHAREABLE,
    /// another application answered than the one that is configured for the host
    WRONG_APPLICATION,
    /// another application than before answered for the same host and credential
    APPLICATION_CHANGED
  }

  /// A request was answered.
  ///
  /// @param application name of its application
  /// @param status where the answer came from
  default void answered(String application, CacheStatus status) {}

  /// The upstream is being asked.
  default void checkStarted() {}

  /// The upstream has answered or failed.
  ///
  /// @param verdict what came
  /// @param nanos how long it took, waiting for a place included
  default void checkEnded(Verdict verdict, long nanos) {}

  /// A request was refused before the upstream was asked.
  ///
  /// @param fault what it was told
  default void refused(Verdict.Fault fault) {}

  /// An allow was not remembered.
  ///
  /// @param application name of its application
  /// @param reason why
  default void notStored(String application, NotStored reason) {}

  /// An entry is gone.
  ///
  /// @param reason why
  default void removed(Removal reason) {}

  /// A revocation took effect.
  ///
  /// @param feed where it came from
  default void revoked(RevocationSource feed) {}

  /// A check failed within this program, or its decision could not be handed over.
  ///
  /// @param failure what was thrown
  default void failed(Throwable failure) {}

  /// The wall clock and the monotonic clock disagree by more than the allowance.
  ///
  /// @param millis by how much the wall clock jumped
  default void clockJumped(long millis) {}
}
