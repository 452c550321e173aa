package dev.postern.feeds;

/// The result of one wait on a channel.
sealed interface Received {
  record Text(String text) implements Received {}

  /// A ping or a pong: the peer is alive.
  record Alive() implements Received {}

  /// Nothing arrived in time.
  record Silence() implements Received {}
}
