package dev.postern.verdict;

import dev.postern.net.HeaderLines;
import dev.postern.verdict.EntryFactory.CheckStart;
import dev.postern.verdict.Verdict.Fault;
import dev.postern.verdict.Verdict.Unavailable;
import dev.postern.verdict.VerdictRecorder.Begun;
import dev.postern.verdict.VerdictRecorder.Settled;
import dev.postern.verdict.VerdictRecorder.Timeliness;
import dev.postern.verdict.VerdictSource.Deadline;
import dev.postern.verdict.Waiters.Waiter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The checks in flight and those who wait for them (invariants 5 and 6).
///
/// A [CheckInFlight] is one call of the upstream for one waiter. There are four kinds:
/// [SharedCheck], which others with the same key can join, [Renewal] of an entry in the background,
/// [LoneCheck] of somebody who joined in vain, and [UncachedCheck] of a request that has no part in
/// the cache. Each waiter gets exactly one decision.
final class Checks {
  /// Nobody waits for a renewal, so it may take as long as any request.
  private static final long RENEWAL_DEADLINE_NANOS = 25_000_000_000L;

  private final VerdictSource source;
  private final LongSupplier ticker;
  private final VerdictListener listener;
  private final Waiters waiters;
  private final Sharing sharing;
  private final VerdictRecorder recorder;
  private final Revocations revocations;
  private final Lookup lookup;
  private final ConcurrentMap<VerdictKey, Joiners> joinable = new ConcurrentHashMap<>();

  Checks(
      Sharing sharing,
      VerdictRecorder recorder,
      Revocations revocations,
      Lookup lookup,
      VerdictCache.Collaborators around) {
    this.sharing = sharing;
    this.recorder = recorder;
    this.revocations = revocations;
    this.lookup = lookup;
    source = around.source();
    ticker = around.ticker();
    listener = around.listener();
    waiters = new Waiters(around.budget(), listener);
  }

  /// Renews an entry in the background, unless its key is being checked already.
  void refresh(Question question, VerdictKey key, String client, long nanos) {
    Deadline deadline = Deadline.at(nanos + RENEWAL_DEADLINE_NANOS);
    Waiter nobody = waiters.admit(question, client, deadline, decision -> {}, fault -> {});
    if (nobody == null) {
      return;
    }
    Joiners joiners = new Joiners(lookup.begin());
    if (joinable.putIfAbsent(key, joiners) == null) {
      new Renewal(key, joiners, nobody).begin();
    } else {
      boolean _ = waiters.release(nobody);
    }
  }

  /// Asks the upstream, or joins a check in flight: see [VerdictCache#check].
  void check(Question question, String client, Deadline deadline, Consumer<Decision> done) {
    Waiter waiter = admit(question, client, deadline, CacheStatus.MISS, done);
    if (waiter == null) {
      return;
    }
    VerdictKey key = question.key();
    if (key == null || !question.isCacheable()) {
      new UncachedCheck(waiter, true).begin();
    } else {
      joinOrAsk(key, waiter);
    }
  }

  /// Repeats without its body a relayed check that a revocation has overtaken.
  void repeat(Question question, String client, Deadline deadline, Consumer<Decision> done) {
    Waiter waiter = admit(question, client, deadline, CacheStatus.BYPASS, done);
    if (waiter != null) {
      new UncachedCheck(waiter, false).begin();
    }
  }

  private @Nullable Waiter admit(
      Question question,
      String client,
      Deadline deadline,
      CacheStatus status,
      Consumer<Decision> done) {
    return waiters.admit(
        question,
        client,
        deadline,
        done,
        fault -> {
          listener.refused(fault);
          listener.answered(question.application().name(), status);
          done.accept(new Decision.Relayed(Unavailable.because(fault), status));
        });
  }

  private void joinOrAsk(VerdictKey key, Waiter waiter) {
    try {
      join(key, waiter);
    } catch (RuntimeException | Error failure) {
      failed(waiter, failure);
    }
  }

  private void join(VerdictKey key, Waiter waiter) {
    Joiners mine = new Joiners(lookup.begin());
    Joiners other = joinable.putIfAbsent(key, mine);
    while (other != null) {
      if (other.join(waiter)) {
        return;
      }
      joinable.remove(key, other);
      mine = new Joiners(lookup.begin());
      other = joinable.putIfAbsent(key, mine);
    }
    new SharedCheck(key, mine, waiter).begin();
  }

  /// Nobody may wait for ever because something of Postern's own has failed.
  private void failed(Waiter waiter, Throwable failure) {
    try {
      listener.failed(failure);
    } finally {
      relay(waiter, Unavailable.because(Fault.INTERNAL), CacheStatus.MISS);
    }
  }

  private void relay(Waiter waiter, Verdict verdict, CacheStatus status) {
    waiters.decide(waiter, new Decision.Relayed(verdict, status));
  }

  /// Those who have joined a check of a key.
  private static final class Joiners {
    /// A moment before the upstream was asked.
    private final CheckStart start;

    // Mutable state; guarded by this.
    private List<Waiter> joined = new ArrayList<>();
    private boolean over;

    Joiners(CheckStart start) {
      this.start = start;
    }

    /// Waits for the verdict.
    ///
    /// @return false if the check is over
    synchronized boolean join(Waiter waiter) {
      if (over) {
        return false;
      }
      joined.add(waiter);
      return true;
    }

    /// Lets nobody join any more.
    ///
    /// @return all who have joined
    synchronized List<Waiter> end() {
      over = true;
      List<Waiter> all = joined;
      joined = List.of();
      return all;
    }
  }

  /// One call of the upstream for one waiter.
  ///
  /// ```
  /// NEW --ask--> ASKED --verdictCame--> SETTLING --> OVER
  ///  |             |                        |          ^
  ///  +-------------+----- failureCame ------+----------+
  /// ```
  ///
  /// From [#ask] until it is over the check is registered, so that a revocation can mark it: its
  /// verdict is compared with what was revoked before it is stored and before anybody gets it.
  private abstract class CheckInFlight {
    private enum State {
      NEW,
      ASKED,
      SETTLING,
      OVER
    }

    final Waiter waiter;
    private final AtomicReference<State> state = new AtomicReference<>(State.NEW);
    // Set by ask, before the upstream can respond.
    private @Nullable Begun begun;
    private long askedAt;

    CheckInFlight(Waiter waiter) {
      this.waiter = waiter;
    }

    /// Begins. Nothing is thrown: a failure ends the check.
    final void begin() {
      try {
        prepare();
      } catch (RuntimeException | Error failure) {
        failureCame(failure);
      }
    }

    /// What comes before the upstream is asked.
    void prepare() {
      ask();
    }

    /// A moment before the upstream is asked.
    CheckStart start() {
      return lookup.begin();
    }

    final void ask() {
      begun = new Begun(start(), recorder.begin(waiter.question()));
      askedAt = ticker.getAsLong();
      state.set(State.ASKED);
      listener.checkStarted();
      source.check(
          new VerdictSource.Call(
              waiter.question().request(),
              !waiter.question().credential().isEmpty(),
              waiter.client(),
              waiter.deadline()),
          this::verdictCame);
    }

    /// The upstream has responded, or could not be asked.
    private void verdictCame(Verdict verdict) {
      Begun asked = begun;
      if (asked == null || !state.compareAndSet(State.ASKED, State.SETTLING)) {
        return;
      }
      try {
        listener.checkEnded(verdict, ticker.getAsLong() - askedAt);
        settle(verdict, asked);
        end();
        state.set(State.OVER);
      } catch (RuntimeException | Error failure) {
        failureCame(failure);
      }
    }

    /// Something of Postern's own has failed. Nobody may wait for ever: the waiter gets 500, and
    /// those who joined ask for themselves.
    private void failureCame(Throwable failure) {
      if (state.getAndSet(State.OVER) == State.OVER) {
        return;
      }
      try {
        end();
        // Before the response: the outcome of an outpost event has to be known by then.
        abandon();
      } finally {
        failed(waiter, failure);
      }
    }

    /// Revocations no longer need to reach it.
    private void end() {
      if (begun != null) {
        recorder.end(begun.flight());
      }
    }

    /// Stores or refuses, and decides for everybody who waits.
    abstract void settle(Verdict verdict, Begun asked);

    /// Ends what others wait for, without a verdict.
    void abandon() {}
  }

  /// A check that others may join.
  private abstract class JoinableCheck extends CheckInFlight {
    final VerdictKey key;
    final Joiners joiners;

    JoinableCheck(VerdictKey key, Joiners joiners, Waiter waiter) {
      super(waiter);
      this.key = key;
      this.joiners = joiners;
    }

    @Override
    final CheckStart start() {
      return joiners.start;
    }

    /// Gives the shared allow to those whose questions allow one as old as this check is by now.
    /// All others ask for themselves, because a challenge carries a private state (invariant 6).
    final void share(Settled settled, Begun asked) {
      joinable.remove(key, joiners);
      Entry entry = settled.entry();
      for (Waiter joined : joiners.end()) {
        if (entry != null
            && !asked.flight().isOvertaken()
            && !recorder.isRevoked(entry)
            && !recorder.isRefused(key, joiners.start)
            && !recorder.isRefused(entry.key(), joiners.start)
            && lookup.isYoungEnough(entry, joined.question())) {
          waiters.decide(joined, new Decision.Stored(entry, CacheStatus.JOINED));
        } else {
          new LoneCheck(key, joined, true).begin();
        }
      }
    }

    @Override
    final void abandon() {
      joinable.remove(key, joiners);
      joiners.end().forEach(joined -> new LoneCheck(key, joined, true).begin());
    }
  }

  /// The first check of a key.
  private final class SharedCheck extends JoinableCheck {
    SharedCheck(VerdictKey key, Joiners joiners, Waiter waiter) {
      super(key, joiners, waiter);
    }

    @Override
    void prepare() {
      // The entry, or the binding of the host, may have come since the question was read.
      VerdictKey now = sharing.keyNow(waiter.question());
      Entry meanwhile = now == null ? null : lookup.fresh(now, waiter.question());
      if (meanwhile == null) {
        ask();
        return;
      }
      waiters.decide(waiter, new Decision.Stored(meanwhile, CacheStatus.HIT));
      joinable.remove(key, joiners);
      // Each looks for itself: the entry may have been refused before they came.
      joiners.end().forEach(joined -> joinOrAsk(key, joined));
    }

    @Override
    void settle(Verdict verdict, Begun asked) {
      Settled settled = recorder.settle(key, asked, waiter, verdict);
      decide(key, waiter, verdict, settled, true);
      share(settled, asked);
    }
  }

  /// A check that replaces an entry before its life is over; nobody waits for it at first.
  private final class Renewal extends JoinableCheck {
    Renewal(VerdictKey key, Joiners joiners, Waiter nobody) {
      super(key, joiners, nobody);
    }

    @Override
    void settle(Verdict verdict, Begun asked) {
      boolean _ = waiters.release(waiter);
      share(recorder.settle(key, asked, waiter, verdict), asked);
    }
  }

  /// A check of somebody who could not share another's, or whose allow came too late.
  private final class LoneCheck extends CheckInFlight {
    private final VerdictKey key;
    private final boolean mayAskAgain;

    LoneCheck(VerdictKey key, Waiter waiter, boolean mayAskAgain) {
      super(waiter);
      this.key = key;
      this.mayAskAgain = mayAskAgain;
    }

    @Override
    void settle(Verdict verdict, Begun asked) {
      decide(key, waiter, verdict, recorder.settle(key, asked, waiter, verdict), mayAskAgain);
    }
  }

  /// Decides for the one who asked. An allow that came too late is asked for once more. After that,
  /// one that a revocation has overtaken is no verdict (invariant 5), while one that a refusal has
  /// overtaken, perhaps of another key, is relayed, though never stored.
  private void decide(
      VerdictKey key, Waiter waiter, Verdict verdict, Settled settled, boolean mayAskAgain) {
    if (settled.timeliness() != Timeliness.IN_TIME && mayAskAgain) {
      new LoneCheck(key, waiter, false).begin();
      return;
    }
    if (settled.timeliness() == Timeliness.REVOKED_MEANWHILE) {
      relay(waiter, Unavailable.because(Fault.OVERTAKEN), CacheStatus.MISS);
      return;
    }
    if (verdict instanceof Unavailable(_, var fault) && isOutage(fault, waiter.deadline())) {
      Entry stale = lookup.stale(key, waiter.question());
      if (stale != null) {
        waiters.decide(waiter, new Decision.Stored(stale, CacheStatus.STALE));
        return;
      }
    }
    relay(waiter, verdict, CacheStatus.MISS);
  }

  /// Whether a fault means that the upstream is down. A fault of Postern's own does not. Neither
  /// does a deadline that an option has shortened: otherwise labels could lengthen the life of an
  /// entry (invariant 11).
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

  /// A check of a request that has no part in the cache. One with a flag is an outpost event
  /// (invariant 3). An allow shows that the upstream did not act upon the flag, so such a request
  /// may be asked again.
  private final class UncachedCheck extends CheckInFlight {
    private final boolean mayAskAgain;
    private @Nullable OutpostEvent event;

    UncachedCheck(Waiter waiter, boolean mayAskAgain) {
      super(waiter);
      this.mayAskAgain = mayAskAgain;
    }

    @Override
    void prepare() {
      Question question = waiter.question();
      event = question.flagged() ? revocations.arrived(question) : null;
      ask();
    }

    @Override
    void settle(Verdict verdict, Begun asked) {
      Question question = waiter.question();
      // Before the event's own second revocation, which would find this check in flight.
      boolean overtaken = recorder.isOvertaken(question, asked, verdict);
      settleEvent(verdict instanceof Unavailable ? null : verdict.response().headers());
      if (!overtaken) {
        recorder.settleUnstored(question, verdict, asked.beginning());
        relay(waiter, verdict, CacheStatus.BYPASS);
      } else if (mayAskAgain) {
        new UncachedCheck(waiter, false).begin();
      } else {
        relay(waiter, Unavailable.because(Fault.OVERTAKEN), CacheStatus.BYPASS);
      }
    }

    @Override
    void abandon() {
      settleEvent(null);
    }

    private void settleEvent(@Nullable HeaderLines response) {
      if (event != null) {
        event.settle(response);
      }
    }
  }
}
