package dev.postern.verdict;

import dev.postern.net.HeaderLines;
import dev.postern.verdict.Verdict.Fault;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Takes in those who wait for a verdict, within the budget, and lets each go exactly once.
final class Waiters {
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

  private final InFlightBudget budget;
  private final VerdictListener listener;

  Waiters(InFlightBudget budget, VerdictListener listener) {
    this.budget = budget;
    this.listener = listener;
  }

  /// Copies what outlives the connection, if there is room for it.
  ///
  /// @param refused told why there is none
  @Nullable Waiter admit(
      Question question,
      String client,
      VerdictSource.Deadline deadline,
      Consumer<Decision> done,
      Consumer<Fault> refused) {
    Question frozen = question.frozen();
    long bytes = HeaderLines.copyOf(frozen.request().headers()).bytes();
    Fault fault = budget.take(client, bytes);
    if (fault != null) {
      refused.accept(fault);
      return null;
    }
    return new Waiter(frozen, client, deadline, bytes, done, new AtomicBoolean());
  }

  /// Lets somebody go.
  ///
  /// @return false if it has gone before
  boolean release(Waiter waiter) {
    boolean waited = waiter.gone().compareAndSet(false, true);
    if (waited) {
      budget.give(waiter.client(), waiter.bytes());
    }
    return waited;
  }

  /// Lets somebody go with a decision, unless it has gone before.
  void decide(Waiter waiter, Decision decision) {
    if (!release(waiter)) {
      return;
    }
    try {
      listener.answered(waiter.question().application().name(), decision.status());
    } catch (RuntimeException | Error failure) {
      listener.failed(failure);
    }
    try {
      waiter.done().accept(decision);
    } catch (RuntimeException | Error failure) {
      // Whoever shares the check must not wait for ever because one connection is broken.
      listener.failed(failure);
    }
  }
}
