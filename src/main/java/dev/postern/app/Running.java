package dev.postern.app;

/// The running program, as the command line holds it.
public interface Running extends AutoCloseable {
  /// Waits until it has stopped, whoever stopped it.
  ///
  /// @throws InterruptedException when the waiting thread is interrupted
  void awaitStop() throws InterruptedException;

  /// Reopens log files that have been moved away.
  void reopenLogs();

  /// Begins to probe the upstream, and logs why it does not respond.
  void watchUpstream();

  /// What can be read again while it runs.
  ///
  /// @return the hooks of SIGHUP
  Reloads reloads();

  /// Lets requests in flight finish and stops; a second call does nothing.
  @Override
  void close();
}
