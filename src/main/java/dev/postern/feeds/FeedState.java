package dev.postern.feeds;

import java.time.Duration;

/// Where a feed stands.
sealed interface FeedState {
  /// The name that the API shows.
  String text();

  /// A connection is being made, or has been made and does not tell reliably yet.
  record Connecting() implements FeedState {
    @Override
    public String text() {
      return "connecting";
    }
  }

  /// It tells of every session that ends.
  record Connected() implements FeedState {
    @Override
    public String text() {
      return "connected";
    }
  }

  /// It tells of nothing.
  ///
  /// @param reason why, and the way out
  /// @param pause time until the next attempt
  record Lost(String reason, Duration pause) implements FeedState {
    @Override
    public String text() {
      return "lost";
    }
  }
}
