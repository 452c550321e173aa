package dev.postern.feeds;

import java.time.Duration;

/// A connection that delivers messages. Used by one thread; only [#close] may be called from
/// another.
interface Channel extends AutoCloseable {
  @FunctionalInterface
  interface Connector {
    /// Connects once.
    ///
    /// @throws ConnectionLost if that fails, with the reason and the fix
    Channel connect() throws ConnectionLost;
  }

  /// Waits for the next message, ping or pong.
  ///
  /// @param patience how long to wait for its first byte
  /// @throws ConnectionLost if the connection has ended or sends invalid data
  Received receive(Duration patience) throws ConnectionLost;

  /// Sends a ping, so that a live peer answers with a pong.
  ///
  /// @throws ConnectionLost if the connection is broken
  void ping() throws ConnectionLost;

  @Override
  void close();
}
