package dev.postern.server;

/// An open entry point.
///
/// It can stop accepting while open connections continue, for a stop that loses no request.
public interface OpenServer {
  /// The port in use, also where the configuration says 0.
  int port();

  /// The number of open connections.
  int openConnections();

  /// Asks peers to use other connections for further requests, where that is possible without a
  /// response (HTTP/2: GOAWAY). Requests that have begun are served.
  void goAway();

  /// Stops accepting connections; open ones continue.
  void stopAccepting();

  /// Closes every connection.
  void close();
}
