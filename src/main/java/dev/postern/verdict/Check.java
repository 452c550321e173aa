package dev.postern.verdict;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/// One question on its way to the upstream, and everybody who waits for its answer.
final class Check {
  /// Somebody who waits.
  ///
  /// @param question the question, with a copy of its headers
  /// @param client whom it is asked for
  /// @param deadline when it is no longer waited for
  /// @param bytes what its copy holds of the budget
  /// @param done receives the decision
  /// @param gone whether it waits no longer
  record Waiter(
      Question question,
      String client,
      VerdictSource.Deadline deadline,
      long bytes,
      Consumer<Decision> done,
      AtomicBoolean gone) {}

  private final EntryFactory.CheckStart beginning;
  // Mutable state; guarded by this.
  private List<Waiter> joined = new ArrayList<>();
  private boolean over;

  Check(EntryFactory.CheckStart beginning) {
    this.beginning = beginning;
  }

  EntryFactory.CheckStart beginning() {
    return beginning;
  }

  /// Waits for this check's answer.
  ///
  /// @return false if the answer has come already
  synchronized boolean join(Waiter waiter) {
    if (over) {
      return false;
    }
    joined.add(waiter);
    return true;
  }

  /// Ends the waiting.
  ///
  /// @return all who have joined
  synchronized List<Waiter> end() {
    over = true;
    List<Waiter> all = joined;
    joined = List.of();
    return all;
  }
}
