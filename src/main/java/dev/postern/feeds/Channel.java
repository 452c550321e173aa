package dev.postern.feeds;

import java.time.Duration;

/// A connection that messages come over. Used by one thread; only closing may happen on another.
interface Channel extends AutoCloseable {
  /// Makes channels.
  @FunctionalInterface
  interface Connector {
    /// Connects once.
    ///
    /// @throws ConnectionLost if there is no connection, with the reason and the way out
    Channel connect() throws ConnectionLost;
  }

  /// Waits for the next message or sign of life.
  ///
  /// @param patience how long to wait for its beginning
  /// @throws ConnectionLost if the connection has ended or cannot be understood any more
  Received receive(Duration patience) throws ConnectionLost;

  /// Asks the other side for a sign of life.
  ///
  /// @throws ConnectionLost if the connection is broken
  void ping() throws ConnectionLost;

  @Override
  void close();
}
