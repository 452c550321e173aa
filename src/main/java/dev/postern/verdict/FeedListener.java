package dev.postern.verdict;

/// Receives a feed's events. Every method is a no-op unless overridden, and must not block.
public interface FeedListener {
  /// What a feed message says.
  enum Event {
    /// one session has ended
    SESSION_END,
    /// every session without an id has ended
    SESSIONS_END,
    /// the upstream's configuration has changed
    UPDATE,
    /// a message that ends nothing
    OTHER,
    /// a message that cannot be parsed
    UNREADABLE
  }

  /// A message arrived.
  ///
  /// @param millis when, by the wall clock
  default void event(Event event, long millis) {}

  /// The feed was connected or lost.
  ///
  /// @param connected whether the feed reports ended sessions now
  default void connected(boolean connected) {}

  /// The feed tries to reconnect.
  default void reconnecting() {}
}
