package dev.postern.verdict;

import dev.postern.net.ForwardedRequest;
import java.util.function.Consumer;

/// Asks the upstream.
@FunctionalInterface
public interface VerdictSource {
  /// Asks once. Failures are verdicts, too: the callback is called exactly once, on any thread, and
  /// no exception is thrown.
  ///
  /// @param call what to ask
  /// @param done receives the verdict
  void check(Call call, Consumer<Verdict> done);

  /// One call.
  ///
  /// @param request the forward-auth request
  /// @param hasCredential whether the request carries a credential; without one no identity is
  ///   believed
  /// @param client whom the call is made for, to share places fairly
  /// @param deadline when nobody waits any longer
  record Call(ForwardedRequest request, boolean hasCredential, String client, Deadline deadline) {}

  /// When nobody waits any longer.
  ///
  /// @param nanos the moment, by the cache's ticker
  /// @param ofOption whether the option `timeout` has brought it forward, so that an upstream that
  ///   is slower than that may be in good health
  record Deadline(long nanos, boolean ofOption) {
    /// A deadline that no option has brought forward.
    ///
    /// @param nanos the moment, by the cache's ticker
    /// @return the deadline
    public static Deadline at(long nanos) {
      return new Deadline(nanos, false);
    }
  }
}
