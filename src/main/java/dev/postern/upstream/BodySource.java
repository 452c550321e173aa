package dev.postern.upstream;

/// A body that arrives in pieces, all of them on one event loop.
///
/// Every method is called on that event loop.
public interface BodySource {
  /// Starts delivery. Pieces come while the sink takes them: after [BodySink#write] has returned
  /// false none comes until [#resume]. Called at most once.
  ///
  /// @param sink receives the pieces and then either the end or the failure, never both
  void start(BodySink sink);

  /// Continues delivery after the sink was full.
  void resume();

  /// Ends delivery: the rest of the body is not needed. Afterwards the sink is not called again.
  /// May be called without [#start], and more than once.
  void cancel();
}
