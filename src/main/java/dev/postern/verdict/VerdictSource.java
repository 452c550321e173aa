package dev.postern.verdict;

import dev.postern.net.ForwardedRequest;
import java.util.function.Consumer;

/// Calls the upstream.
@FunctionalInterface
public interface VerdictSource {
  /// Makes one call. Failures are verdicts too: the callback is called exactly once, on any thread,
  /// and no exception is thrown.
  void check(Call call, Consumer<Verdict> done);

  /// One call.
  ///
  /// @param hasCredential whether the request carries a credential; without one no identity is
  ///   trusted
  /// @param client the client address, for fair queueing
  /// @param deadline when the client stops waiting
  record Call(ForwardedRequest request, boolean hasCredential, String client, Deadline deadline) {}

  /// When a client stops waiting.
  ///
  /// @param nanos the moment, by the cache's ticker
  /// @param ofOption whether the option `timeout` shortened it; then a slower upstream may still be
  ///   healthy
  record Deadline(long nanos, boolean ofOption) {
    /// A deadline that no option has shortened.
    ///
    /// @param nanos the moment, by the cache's ticker
    public static Deadline at(long nanos) {
      return new Deadline(nanos, false);
    }
  }
}
