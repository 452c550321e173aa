package dev.postern.verdict;

import dev.postern.http.HeaderLines;
import dev.postern.verdict.Check.Waiter;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Takes in those who wait for a verdict, within the budget, and lets each go exactly once.
final class Waiters {
  private final InFlightBudget budget;
  private final VerdictListener listener;

  Waiters(InFlightBudget budget, VerdictListener listener) {
    this.budget = budget;
    this.listener = listener;
  }

  /// Copies what outlives the connection, if there is room for it.
  @Nullable Waiter admit(
      Question question, String client, VerdictSource.Deadline deadline, Consumer<Decision> done) {
    Question frozen = question.frozen();
    long bytes = HeaderLines.copyOf(frozen.request().headers()).bytes();
    return budget.take(bytes) ? new Waiter(frozen, client, deadline, bytes, done) : null;
  }

  void release(Waiter waiter) {
    budget.give(waiter.bytes());
  }

  /// Lets somebody go with a decision.
  void answer(Waiter waiter, Decision decision) {
    release(waiter);
    listener.answered(waiter.question().application().name(), decision.status());
    try {
      waiter.done().accept(decision);
    } catch (RuntimeException failure) {
      // Whoever shares the check must not wait for ever because one connection is broken.
      listener.undelivered(failure);
    }
  }
}
