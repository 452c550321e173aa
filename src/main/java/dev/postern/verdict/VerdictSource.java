package dev.postern.verdict;

import dev.postern.http.ForwardedRequest;
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
  /// @param deadlineNanos when nobody waits any longer, by the cache's ticker
  record Call(ForwardedRequest request, boolean hasCredential, String client, long deadlineNanos) {}
}
