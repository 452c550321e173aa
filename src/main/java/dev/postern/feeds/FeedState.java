package dev.postern.feeds;

import java.time.Duration;

/// Connection state of a feed.
sealed interface FeedState {
  /// The name shown by the API.
  String text();

  /// Connecting, or connected but not yet certain to receive every session end.
  record Connecting() implements FeedState {
    @Override
    public String text() {
      return "connecting";
    }
  }

  /// The feed reports every session that ends.
  record Connected() implements FeedState {
    @Override
    public String text() {
      return "connected";
    }
  }

  /// The feed reports nothing.
  ///
  /// @param reason why, and the fix
  /// @param pause time until the next attempt
  record Lost(String reason, Duration pause) implements FeedState {
    @Override
    public String text() {
      return "lost";
    }
  }
}
