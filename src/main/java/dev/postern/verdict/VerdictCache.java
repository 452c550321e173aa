package dev.postern.verdict;

import dev.postern.config.CacheConfig;
import dev.postern.http.ForwardedRequest;
import dev.postern.routing.Application;
import dev.postern.verdict.Check.Waiter;
import dev.postern.verdict.EntryFactory.Beginning;
import dev.postern.verdict.Settlement.Settled;
import dev.postern.verdict.Verdict.Unavailable;
import java.time.InstantSource;
import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Remembers verdicts and asks for those that it does not know.
///
/// A request becomes a [Question]. Its key is a digest of everything that the verdict may depend
/// on; a question that has none is asked every time and leaves nothing behind. [#hit] answers from
/// memory, on the calling thread, without a lock. [#check] asks: at most one check for a key is in
/// flight, callers that come meanwhile join it, and share its answer only if it is an allow that
/// could be stored; on anything else each asks for itself, because a challenge is private.
///
/// Three things are compared before an answer is stored or shared: that no revocation came since
/// the check began (see [Revocations]), that no other check of the same key was refused since, and
/// that the token has not expired. Of an entry, life and revocations are looked at on each use.
public final class VerdictCache {
  /// Stripes of the epochs: 512 KiB each, so that ten thousand sign-outs touch a seventh of the
  /// entries beside those that they mean.
  private static final int STRIPES = 1 << 16;

  /// After an attempt to renew an entry nobody tries again for this long.
  private static final long REFRESH_PAUSE_NANOS = 1_000_000_000L;

  /// Nobody waits for a renewal, so it may take as long as any request.
  private static final long REFRESH_DEADLINE_NANOS = 25_000_000_000L;

  private final VerdictSource source;
  private final LongSupplier ticker;
  private final InstantSource wallClock;
  private final VerdictListener listener;
  private final Waiters waiters;
  private final Epochs revoked = new Epochs(STRIPES);
  private final Epochs refusals = new Epochs(STRIPES);
  private final Sharing sharing;
  private final EntryStore store;
  private final Settlement settlement;
  private final Revocations revocations;
  private final ClockWatch clocks;
  private final ConcurrentMap<VerdictKey, Check> inFlight = new ConcurrentHashMap<>();

  /// The world around the cache.
  ///
  /// @param source asks the upstream
  /// @param tokens reads the upstream's tokens
  /// @param ticker monotonic nanoseconds
  /// @param wallClock the time that tokens speak of
  /// @param maintenance runs evictions
  /// @param budget bytes that questions on their way may hold
  /// @param listener told of everything
  public record Surroundings(
      VerdictSource source,
      TokenReader tokens,
      LongSupplier ticker,
      InstantSource wallClock,
      Executor maintenance,
      InFlightBudget budget,
      VerdictListener listener) {}

  /// @param config how long and how much is remembered
  /// @param preset what is particular to the upstream
  /// @param around everything that the cache works with
  public VerdictCache(CacheConfig config, Preset preset, Surroundings around) {
    source = around.source();
    ticker = around.ticker();
    wallClock = around.wallClock();
    listener = around.listener();
    waiters = new Waiters(around.budget(), listener);
    Tags tags = Tags.random();
    LinePool pool = new LinePool();
    SessionEnds ends = new SessionEnds(STRIPES, ticker);
    store = new EntryStore(config.maxSize().bytes(), ticker, around.maintenance(), pool, listener);
    sharing =
        new Sharing(
            new Bindings(config.ttl(), ticker, around.maintenance()),
            new QuestionReader(preset, tags, config.anonymousPaths().isPositive()),
            ticker,
            wallClock);
    settlement =
        new Settlement(
            store,
            new EntryFactory(config, preset, tags, pool, ends),
            sharing,
            revoked,
            refusals,
            wallClock,
            listener);
    revocations = new Revocations(tags, revoked, ends, store, around.tokens(), listener);
    clocks = new ClockWatch(config.skew(), ticker.getAsLong(), wallClock.millis());
  }

  /// The way to end entries before their time.
  ///
  /// @return the revocations of this cache
  public Revocations revocations() {
    return revocations;
  }

  /// How many entries there are.
  ///
  /// @return number of entries
  public long entryCount() {
    return store.size();
  }

  /// How much memory entries take.
  ///
  /// @return bytes, lines that entries share counted once
  public long entryBytes() {
    return store.bytes();
  }

  /// Counts what is remembered by application.
  ///
  /// @return the counts, in no order
  public Collection<ApplicationEntries> entriesByApplication() {
    return store.byApplication();
  }

  /// Reads a forwarded request.
  ///
  /// @param request the request
  /// @param application the application that decides it
  /// @return the question to ask
  public Question question(ForwardedRequest request, Application application) {
    return sharing.read(request, application);
  }

  /// Answers from memory.
  ///
  /// @param question a question whose request still has its connection
  /// @param client whom it is asked for, in case the entry is due to be renewed
  /// @return the entry that answers it, or null
  public @Nullable Entry hit(Question question, Supplier<String> client) {
    VerdictKey key = question.key();
    if (key == null) {
      return null;
    }
    Entry entry = fresh(key);
    if (entry == null) {
      return null;
    }
    long nanos = ticker.getAsLong();
    if (entry.claimRefresh(nanos, REFRESH_PAUSE_NANOS)) {
      refresh(question, key, client.get(), nanos);
    }
    listener.answered(question.application().name(), CacheStatus.HIT);
    return entry;
  }

  private @Nullable Entry fresh(VerdictKey key) {
    Entry entry = unrevoked(key);
    return entry != null && entry.isFresh(ticker.getAsLong(), wallClock.millis()) ? entry : null;
  }

  private @Nullable Entry unrevoked(VerdictKey key) {
    Entry entry = store.get(key);
    if (entry == null) {
      return null;
    }
    watchClocks(ticker.getAsLong(), wallClock.millis());
    if (settlement.isRevoked(entry)) {
      store.removeEntry(entry);
      return null;
    }
    return entry;
  }

  /// A jump of the wall clock, or a machine that slept, puts every end of life in doubt.
  private void watchClocks(long nanos, long millis) {
    long jump = clocks.observe(nanos, millis);
    if (jump != 0) {
      listener.clockJumped(jump);
      revocations.all(Feed.CLOCK);
    }
  }

  private void refresh(Question question, VerdictKey key, String client, long nanos) {
    Waiter nobody = waiters.admit(question, client, nanos + REFRESH_DEADLINE_NANOS, decision -> {});
    if (nobody == null) {
      return;
    }
    Check check = new Check(begin());
    if (inFlight.putIfAbsent(key, check) != null) {
      waiters.release(nobody);
      return;
    }
    ask(
        nobody,
        verdict -> {
          waiters.release(nobody);
          endCheck(key, check, settlement.settle(key, check.beginning(), nobody, verdict));
        });
  }

  /// Asks the upstream, or joins a check that is on its way.
  ///
  /// @param question a question that [#hit] has not answered
  /// @param client whom it is asked for
  /// @param deadlineNanos when nobody waits any longer, by the cache's ticker
  /// @param done receives the decision, exactly once, on any thread
  public void check(Question question, String client, long deadlineNanos, Consumer<Decision> done) {
    Waiter waiter = waiters.admit(question, client, deadlineNanos, done);
    if (waiter == null) {
      Unavailable overload = Unavailable.because(Verdict.Fault.OVERLOAD);
      listener.answered(question.application().name(), CacheStatus.MISS);
      done.accept(new Decision.Relayed(overload, CacheStatus.MISS));
      return;
    }
    VerdictKey key = question.key();
    if (key == null) {
      bypass(waiter);
    } else {
      joinOrAsk(key, waiter);
    }
  }

  private void joinOrAsk(VerdictKey key, Waiter waiter) {
    Check mine = new Check(begin());
    Check other = inFlight.putIfAbsent(key, mine);
    while (other != null) {
      if (other.join(waiter)) {
        return;
      }
      inFlight.remove(key, other);
      mine = new Check(begin());
      other = inFlight.putIfAbsent(key, mine);
    }
    Check check = mine;
    Entry meanwhile = meanwhile(waiter.question());
    if (meanwhile == null) {
      ask(waiter, verdict -> finish(key, check, waiter, verdict));
    } else {
      waiters.answer(waiter, new Decision.Remembered(meanwhile, CacheStatus.HIT));
      inFlight.remove(key, check);
      // Each looks for itself: the entry may have been refused before they came.
      check.end().forEach(joined -> joinOrAsk(key, joined));
    }
  }

  /// What others have learned since a question was read, its host's binding included.
  private @Nullable Entry meanwhile(Question question) {
    VerdictKey key = sharing.keyNow(question);
    return key == null ? null : fresh(key);
  }

  /// Takes notice of a fresh answer that was no allow, to a question that was asked past the cache.
  ///
  /// @param question the question
  public void refused(Question question) {
    if (question.key() != null) {
      settlement.refuse(question, question.key());
    }
  }

  private Beginning begin() {
    long nanos = ticker.getAsLong();
    long millis = wallClock.millis();
    watchClocks(nanos, millis);
    return new Beginning(nanos, millis, revoked.now(), refusals.now());
  }

  private void ask(Waiter waiter, Consumer<Verdict> done) {
    long started = ticker.getAsLong();
    listener.checkStarted();
    source.check(
        new VerdictSource.Call(
            waiter.question().request(),
            !waiter.question().credential().isEmpty(),
            waiter.client(),
            waiter.deadlineNanos()),
        verdict -> {
          listener.checkEnded(verdict, ticker.getAsLong() - started);
          done.accept(verdict);
        });
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
        verdict -> {
          event.settle(verdict instanceof Unavailable ? null : verdict.answer().headers());
          relay(waiter, verdict, CacheStatus.BYPASS);
        });
  }

  private void bypass(Waiter waiter, boolean mayAskAgain) {
    Beginning beginning = begin();
    ask(
        waiter,
        verdict -> {
          if (mayAskAgain && settlement.isOutrun(waiter.question(), beginning, verdict)) {
            bypass(waiter, false);
          } else {
            relay(waiter, verdict, CacheStatus.BYPASS);
          }
        });
  }

  private void finish(VerdictKey key, Check check, Waiter leader, Verdict verdict) {
    Settled settled = settlement.settle(key, check.beginning(), leader, verdict);
    answerOwn(key, leader, verdict, settled, true);
    endCheck(key, check, settled);
  }

  /// Lets those who joined go: with the shared allow, or each with a check of its own.
  private void endCheck(VerdictKey key, Check check, Settled settled) {
    inFlight.remove(key, check);
    Entry entry = settled.entry();
    for (Waiter waiter : check.end()) {
      if (entry != null
          && !settlement.isRevoked(entry)
          && !settlement.isRefused(key, check.beginning())) {
        waiters.answer(waiter, new Decision.Remembered(entry, CacheStatus.JOINED));
      } else {
        askAlone(key, waiter, true);
      }
    }
  }

  private void askAlone(VerdictKey key, Waiter waiter, boolean mayAskAgain) {
    Beginning beginning = begin();
    ask(
        waiter,
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
    if (verdict instanceof Unavailable) {
      Entry stale = stale(key);
      if (stale != null) {
        waiters.answer(waiter, new Decision.Remembered(stale, CacheStatus.STALE));
        return;
      }
    }
    relay(waiter, verdict, CacheStatus.MISS);
  }

  private @Nullable Entry stale(VerdictKey key) {
    Entry entry = unrevoked(key);
    return entry != null && entry.isUsableStale(ticker.getAsLong(), wallClock.millis())
        ? entry
        : null;
  }

  private void relay(Waiter waiter, Verdict verdict, CacheStatus status) {
    waiters.answer(waiter, new Decision.Relayed(verdict, status));
  }
}
