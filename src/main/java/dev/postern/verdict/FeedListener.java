package dev.postern.verdict;

/// Told what a feed does; every method is a no-op unless overridden, and must not block.
public interface FeedListener {
  /// What a feed's message says.
  enum Event {
    /// one session has ended
    SESSION_END,
    /// every session without an id has ended
    SESSIONS_END,
    /// the upstream's configuration has changed
    UPDATE,
    /// something that ends nothing
    OTHER,
    /// something that cannot be read
    UNREADABLE
  }

  /// A message came.
  ///
  /// @param event what it says
  /// @param millis when, by the wall clock
  default void event(Event event, long millis) {}

  /// The feed began or ceased to tell.
  ///
  /// @param connected whether it tells now
  default void connected(boolean connected) {}

  /// The feed tries to connect once more.
  default void reconnecting() {}
}
