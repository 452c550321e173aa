package dev.postern.verdict;

import dev.postern.verdict.Check.Waiter;
import dev.postern.verdict.EntryFactory.Beginning;
import dev.postern.verdict.Settlement.Settled;
import dev.postern.verdict.Verdict.Fault;
import dev.postern.verdict.Verdict.Unavailable;
import dev.postern.verdict.VerdictSource.Deadline;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
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
  private final Settlement settlement;
  private final Revocations revocations;
  private final Lookup lookup;
  private final ConcurrentMap<VerdictKey, Check> inFlight = new ConcurrentHashMap<>();

  Checks(
      Sharing sharing,
      Settlement settlement,
      Revocations revocations,
      Lookup lookup,
      VerdictCache.Surroundings around) {
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
    Waiter nobody = waiters.admit(question, client, deadline, decision -> {});
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
        () -> endCheck(key, check, Settled.NOTHING),
        verdict -> {
          boolean _ = waiters.release(nobody);
          endCheck(key, check, settlement.settle(key, check.beginning(), nobody, verdict));
        });
  }

  /// Asks the upstream, or joins a check that is on its way: see [VerdictCache#check].
  void check(Question question, String client, Deadline deadline, Consumer<Decision> done) {
    Waiter waiter = waiters.admit(question, client, deadline, done);
    if (waiter == null) {
      Unavailable overload = Unavailable.because(Fault.OVERLOAD);
      listener.answered(question.application().name(), CacheStatus.MISS);
      done.accept(new Decision.Relayed(overload, CacheStatus.MISS));
      return;
    }
    VerdictKey key = question.key();
    if (key == null || !question.mayBeRemembered()) {
      guarded(waiter, Checks::endNothing, () -> bypass(waiter));
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
    Runnable over = () -> endCheck(key, check, Settled.NOTHING);
    guarded(waiter, over, () -> lookAndAsk(key, check, waiter, over));
  }

  private void lookAndAsk(VerdictKey key, Check check, Waiter waiter, Runnable over) {
    Entry meanwhile = meanwhile(waiter.question());
    if (meanwhile == null) {
      ask(waiter, over, verdict -> finish(key, check, waiter, verdict));
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

  /// @param over see [#guarded]
  private void ask(Waiter waiter, Runnable over, Consumer<Verdict> done) {
    guarded(
        waiter,
        over,
        () -> {
          long started = ticker.getAsLong();
          listener.checkStarted();
          source.check(
              call(waiter),
              verdict ->
                  guarded(
                      waiter,
                      over,
                      () -> {
                        listener.checkEnded(verdict, ticker.getAsLong() - started);
                        done.accept(verdict);
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

  /// A request that is not for the cache; one with a flag is an outpost event (invariant 3).
  private void bypass(Waiter waiter) {
    Question question = waiter.question();
    if (!question.flagged()) {
      bypass(waiter, true);
      return;
    }
    OutpostEvent event = revocations.arrived(question.credential());
    ask(
        waiter,
        () -> event.settle(null),
        verdict -> {
          event.settle(verdict instanceof Unavailable ? null : verdict.answer().headers());
          settlement.settleUnremembered(question, verdict);
          relay(waiter, verdict, CacheStatus.BYPASS);
        });
  }

  private void bypass(Waiter waiter, boolean mayAskAgain) {
    Beginning beginning = lookup.begin();
    ask(
        waiter,
        Checks::endNothing,
        verdict -> {
          if (mayAskAgain && settlement.isOutrun(waiter.question(), beginning, verdict)) {
            bypass(waiter, false);
          } else {
            settlement.settleUnremembered(waiter.question(), verdict);
            relay(waiter, verdict, CacheStatus.BYPASS);
          }
        });
  }

  private void finish(VerdictKey key, Check check, Waiter leader, Verdict verdict) {
    Settled settled = settlement.settle(key, check.beginning(), leader, verdict);
    answerOwn(key, leader, verdict, settled, true);
    endCheck(key, check, settled);
  }

  /// Lets those who joined go: with the shared allow, if their questions allow one as old as the
  /// check is by now, or each with a check of its own.
  private void endCheck(VerdictKey key, Check check, Settled settled) {
    inFlight.remove(key, check);
    Entry entry = settled.entry();
    for (Waiter waiter : check.end()) {
      if (entry != null
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

  private void askAlone(VerdictKey key, Waiter waiter, Beginning beginning, boolean mayAskAgain) {
    ask(
        waiter,
        Checks::endNothing,
        verdict ->
            answerOwn(
                key,
                waiter,
                verdict,
                settlement.settle(key, beginning, waiter, verdict),
                mayAskAgain));
  }

  /// Answers the one who has asked. An allow that a revocation has outrun is asked for once more,
  /// then relayed, though never stored (invariant 5).
  private void answerOwn(
      VerdictKey key, Waiter waiter, Verdict verdict, Settled settled, boolean mayAskAgain) {
    if (settled.outrun() && mayAskAgain) {
      askAlone(key, waiter, false);
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
      case INTERNAL, OPTION_TIMEOUT -> false;
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
