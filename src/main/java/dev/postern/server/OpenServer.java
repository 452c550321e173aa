package dev.postern.server;

/// An open entry point.
///
/// Accepting can be ended while connections that are open already go on, which is what a stop that
/// loses nothing needs.
public interface OpenServer {
  /// The port that is really bound.
  ///
  /// @return a port
  int port();

  /// How many connections are open.
  ///
  /// @return a number
  int openConnections();

  /// Asks the peers of connections that are open to open others elsewhere, where a connection can
  /// say so without a response (HTTP/2: GOAWAY). Requests that have begun are served.
  void goAway();

  /// Accepts no more connections; those that are open go on.
  void stopAccepting();

  /// Closes every connection.
  void close();
}
