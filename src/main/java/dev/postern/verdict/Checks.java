package dev.postern.verdict;

import dev.postern.net.HeaderLines;
import dev.postern.verdict.Check.Waiter;
import dev.postern.verdict.EntryFactory.CheckStart;
import dev.postern.verdict.Verdict.Fault;
import dev.postern.verdict.Verdict.Unavailable;
import dev.postern.verdict.VerdictRecorder.Begun;
import dev.postern.verdict.VerdictRecorder.Belief;
import dev.postern.verdict.VerdictRecorder.Settled;
import dev.postern.verdict.VerdictSource.Deadline;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The checks that are on their way, and those who wait for them.
final class Checks {
  /// Nobody waits for a renewal, so it may take as long as any request.
  private static final long REFRESH_DEADLINE_NANOS = 25_000_000_000L;

  private final VerdictSource source;
  private final LongSupplier ticker;
  private final VerdictListener listener;
  private final Waiters waiters;
  private final Sharing sharing;
  private final VerdictRecorder settlement;
  private final Revocations revocations;
  private final Lookup lookup;
  private final ConcurrentMap<VerdictKey, Check> inFlight = new ConcurrentHashMap<>();

  Checks(
      Sharing sharing,
      VerdictRecorder settlement,
      Revocations revocations,
      Lookup lookup,
      VerdictCache.Collaborators around) {
    this.sharing = sharing;
    this.settlement = settlement;
    this.revocations = revocations;
    this.lookup = lookup;
    source = around.source();
    ticker = around.ticker();
    listener = around.listener();
    waiters = new Waiters(around.budget(), listener);
  }

  /// Renews an entry in the background, unless its key is being asked for already.
  void refresh(Question question, VerdictKey key, String client, long nanos) {
    Deadline deadline = Deadline.at(nanos + REFRESH_DEADLINE_NANOS);
    Waiter nobody = waiters.admit(question, client, deadline, decision -> {}, fault -> {});
    if (nobody == null) {
      return;
    }
    Check check = new Check(lookup.begin());
    if (inFlight.putIfAbsent(key, check) != null) {
      boolean _ = waiters.release(nobody);
      return;
    }
    ask(
        nobody,
        check.beginning(),
        () -> endCheck(key, check, Settled.NOTHING, null),
        (verdict, begun) -> {
          boolean _ = waiters.release(nobody);
          endCheck(key, check, settlement.settle(key, begun, nobody, verdict), begun);
        });
  }

  /// Asks the upstream, or joins a check that is on its way: see [VerdictCache#check].
  void check(Question question, String client, Deadline deadline, Consumer<Decision> done) {
    Waiter waiter =
        waiters.admit(
            question,
            client,
            deadline,
            done,
            fault -> refused(question, fault, CacheStatus.MISS, done));
    if (waiter == null) {
      return;
    }
    VerdictKey key = question.key();
    if (key == null || !question.mayBeRemembered()) {
      guarded(waiter, Checks::endNothing, () -> bypass(waiter, true));
    } else {
      guarded(waiter, Checks::endNothing, () -> joinOrAsk(key, waiter));
    }
  }

  /// Whatever fails, nobody waits for ever: who has asked learns that there is no verdict, and
  /// those who have joined are let go.
  ///
  /// @param over ends what others may wait for
  private void guarded(Waiter waiter, Runnable over, Runnable work) {
    try {
      work.run();
    } catch (RuntimeException | Error failure) {
      try {
        listener.failed(failure);
        // Before the answer: the outcome of an event has to be known by then.
        over.run();
      } finally {
        relay(waiter, Unavailable.because(Fault.INTERNAL), CacheStatus.MISS);
      }
    }
  }

  /// For those whom nobody has joined.
  private static void endNothing() {}

  private void joinOrAsk(VerdictKey key, Waiter waiter) {
    Check mine = new Check(lookup.begin());
    Check other = inFlight.putIfAbsent(key, mine);
    while (other != null) {
      if (other.join(waiter)) {
        return;
      }
      inFlight.remove(key, other);
      mine = new Check(lookup.begin());
      other = inFlight.putIfAbsent(key, mine);
    }
    Check check = mine;
    Runnable over = () -> endCheck(key, check, Settled.NOTHING, null);
    guarded(waiter, over, () -> lookAndAsk(key, check, waiter, over));
  }

  private void lookAndAsk(VerdictKey key, Check check, Waiter waiter, Runnable over) {
    Entry meanwhile = meanwhile(waiter.question());
    if (meanwhile == null) {
      ask(
          waiter,
          check.beginning(),
          over,
          (verdict, begun) -> finish(key, check, waiter, verdict, begun));
    } else {
      waiters.answer(waiter, new Decision.Remembered(meanwhile, CacheStatus.HIT));
      inFlight.remove(key, check);
      // Each looks for itself: the entry may have been refused before they came.
      check
          .end()
          .forEach(joined -> guarded(joined, Checks::endNothing, () -> joinOrAsk(key, joined)));
    }
  }

  /// What others have learned since a question was read, its host's binding included.
  private @Nullable Entry meanwhile(Question question) {
    VerdictKey key = sharing.keyNow(question);
    return key == null ? null : lookup.fresh(key, question);
  }

  /// Asks once. The check is in flight, so that revocations reach it, until its answer has been
  /// dealt with.
  ///
  /// @param beginning a moment before now
  /// @param over see [#guarded]
  private void ask(
      Waiter waiter, CheckStart beginning, Runnable over, BiConsumer<Verdict, Begun> done) {
    Begun begun = new Begun(beginning, settlement.takeOff(waiter.question()));
    Runnable failed =
        () -> {
          settlement.land(begun.flight());
          over.run();
        };
    guarded(
        waiter,
        failed,
        () -> {
          long started = ticker.getAsLong();
          listener.checkStarted();
          source.check(
              call(waiter),
              verdict ->
                  guarded(
                      waiter,
                      failed,
                      () -> {
                        listener.checkEnded(verdict, ticker.getAsLong() - started);
                        done.accept(verdict, begun);
                        settlement.land(begun.flight());
                      }));
        });
  }

  private static VerdictSource.Call call(Waiter waiter) {
    return new VerdictSource.Call(
        waiter.question().request(),
        !waiter.question().credential().isEmpty(),
        waiter.client(),
        waiter.deadline());
  }

  /// Asks a question once more without its body, for somebody whose answer a revocation has
  /// overtaken.
  void checkAgain(Question question, String client, Deadline deadline, Consumer<Decision> done) {
    Waiter waiter =
        waiters.admit(
            question,
            client,
            deadline,
            done,
            fault -> refused(question, fault, CacheStatus.BYPASS, done));
    if (waiter != null) {
      guarded(waiter, Checks::endNothing, () -> bypass(waiter, false));
    }
  }

  private void refused(
      Question question, Fault fault, CacheStatus status, Consumer<Decision> done) {
    listener.refused(fault);
    listener.answered(question.application().name(), status);
    done.accept(new Decision.Relayed(Unavailable.because(fault), status));
  }

  /// A request that is not for the cache; one with a flag is an outpost event (invariant 3). That
  /// it was allowed says that the upstream did not act upon the flag, so it may be asked again.
  private void bypass(Waiter waiter, boolean mayAskAgain) {
    Question question = waiter.question();
    OutpostEvent event = question.flagged() ? revocations.arrived(question) : null;
    ask(
        waiter,
        lookup.begin(),
        () -> settle(event, null),
        (verdict, begun) -> {
          // Before the event's own second revocation, which would find this check in flight.
          boolean overtaken = settlement.isOvertaken(question, begun, verdict);
          settle(event, verdict instanceof Unavailable ? null : verdict.answer().headers());
          if (!overtaken) {
            settlement.settleUnremembered(question, verdict, begun.beginning());
            relay(waiter, verdict, CacheStatus.BYPASS);
          } else if (mayAskAgain) {
            bypass(waiter, false);
          } else {
            relay(waiter, Unavailable.because(Fault.OVERTAKEN), CacheStatus.BYPASS);
          }
        });
  }

  private static void settle(@Nullable OutpostEvent event, @Nullable HeaderLines answer) {
    if (event != null) {
      event.settle(answer);
    }
  }

  private void finish(VerdictKey key, Check check, Waiter leader, Verdict verdict, Begun begun) {
    Settled settled = settlement.settle(key, begun, leader, verdict);
    answerOwn(key, leader, verdict, settled, true);
    endCheck(key, check, settled, begun);
  }

  /// Lets those who joined go: with the shared allow, if their questions allow one as old as the
  /// check is by now, or each with a check of its own.
  ///
  /// @param begun the check, or null when it has failed and there is nothing to share
  private void endCheck(VerdictKey key, Check check, Settled settled, @Nullable Begun begun) {
    inFlight.remove(key, check);
    Entry entry = settled.entry();
    for (Waiter waiter : check.end()) {
      if (entry != null
          && begun != null
          && !begun.flight().isOvertaken()
          && !settlement.isRevoked(entry)
          && !settlement.isRefused(key, check.beginning())
          && !settlement.isRefused(entry.key(), check.beginning())
          && lookup.isYoungEnough(entry, waiter.question())) {
        waiters.answer(waiter, new Decision.Remembered(entry, CacheStatus.JOINED));
      } else {
        askAlone(key, waiter, true);
      }
    }
  }

  private void askAlone(VerdictKey key, Waiter waiter, boolean mayAskAgain) {
    guarded(waiter, Checks::endNothing, () -> askAlone(key, waiter, lookup.begin(), mayAskAgain));
  }

  private void askAlone(VerdictKey key, Waiter waiter, CheckStart beginning, boolean mayAskAgain) {
    ask(
        waiter,
        beginning,
        Checks::endNothing,
        (verdict, begun) ->
            answerOwn(
                key, waiter, verdict, settlement.settle(key, begun, waiter, verdict), mayAskAgain));
  }

  /// Answers the one who has asked. An allow that came too late is asked for once more. Then one
  /// that was overtaken by a revocation is no verdict (invariant 5); one that came together with a
  /// refusal, perhaps of somebody else's key, is relayed, though never stored.
  private void answerOwn(
      VerdictKey key, Waiter waiter, Verdict verdict, Settled settled, boolean mayAskAgain) {
    if (settled.belief() != Belief.IN_TIME && mayAskAgain) {
      askAlone(key, waiter, false);
      return;
    }
    if (settled.belief() == Belief.REVOKED_MEANWHILE) {
      relay(waiter, Unavailable.because(Fault.OVERTAKEN), CacheStatus.MISS);
      return;
    }
    if (verdict instanceof Unavailable(_, var fault) && isOutage(fault, waiter.deadline())) {
      Entry stale = lookup.stale(key, waiter.question());
      if (stale != null) {
        waiters.answer(waiter, new Decision.Remembered(stale, CacheStatus.STALE));
        return;
      }
    }
    relay(waiter, verdict, CacheStatus.MISS);
  }

  /// Whether a fault speaks of the upstream. One of Postern's own does not. That an option gives it
  /// little time, or a place at it little time to become free, does not: were an entry to stand in
  /// then, labels could lengthen its life (invariant 11).
  private static boolean isOutage(Fault fault, Deadline deadline) {
    return switch (fault) {
      case INTERNAL, OPTION_TIMEOUT, OVERTAKEN, CLIENT_SHARE -> false;
      case OVERLOAD -> !deadline.ofOption();
      case UPSTREAM_ERROR,
          CONNECT,
          NO_ANSWER,
          BROKEN,
          MALFORMED,
          TIMEOUT,
          HEAD_TOO_LARGE,
          TOO_LARGE,
          STOPPING ->
          true;
    };
  }

  private void relay(Waiter waiter, Verdict verdict, CacheStatus status) {
    waiters.answer(waiter, new Decision.Relayed(verdict, status));
  }
}
