package dev.postern.feeds;

/// What one look at a channel has brought.
sealed interface Received {
  /// A whole text message.
  record Text(String text) implements Received {}

  /// A ping or a pong: the other side is alive.
  record Sign() implements Received {}

  /// Nothing within the time.
  record Silence() implements Received {}
}
