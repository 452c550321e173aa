package dev.postern.app;

/// A running Postern, as the command line uses it.
public interface Running extends AutoCloseable {
  /// Waits until it has stopped.
  void awaitStop() throws InterruptedException;

  /// Reopens log files after rotation.
  void reopenLogs();

  /// Starts to probe the upstream, and logs why it does not respond.
  void watchUpstream();

  /// Everything that SIGHUP reloads.
  Reloads reloads();

  /// Waits for requests in flight and stops. A second call does nothing.
  @Override
  void close();
}
