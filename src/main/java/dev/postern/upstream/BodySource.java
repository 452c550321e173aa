package dev.postern.upstream;

/// A body that arrives in pieces. Every method is called on one event loop.
public interface BodySource {
  /// Starts delivery. After [BodySink#write] has returned false, no piece follows until [#resume].
  /// Called at most once.
  ///
  /// @param sink receives the pieces and then either the end or the failure, never both
  void start(BodySink sink);

  /// Continues delivery after the sink was full.
  void resume();

  /// Stops delivery; the sink is not called again. May be called without [#start], and more than
  /// once.
  void cancel();
}
