package dev.postern.verdict;

import dev.postern.config.CacheConfig;
import dev.postern.net.ForwardedRequest;
import dev.postern.routing.Application;
import java.time.InstantSource;
import java.util.Collection;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Remembers verdicts and asks for those that it does not know.
///
/// A request becomes a [Question]. Its key is a digest of everything that the verdict may depend
/// on; a question that has none, or whose application allows no life, is asked every time and
/// leaves nothing behind. [#hit] answers from memory, on the calling thread, without a lock.
/// [#check] asks: at most one check for a key is in flight, callers that come meanwhile join it,
/// and share its answer only if it is an allow that could be stored; on anything else each asks for
/// itself, because a challenge is private.
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

  private final Preset preset;
  private final LongSupplier ticker;
  private final VerdictListener listener;
  private final Tags tags = Tags.random();
  private final KnownSessions known;
  private final Sharing sharing;
  private final EntryStore store;
  private final VerdictRecorder settlement;
  private final Revocations revocations;
  private final Lookup lookup;
  private final Checks checks;
  private final Flights flights = new Flights();
  private final AnswerReader answers;

  /// The world around the cache.
  ///
  /// @param source asks the upstream
  /// @param tokens reads the upstream's tokens
  /// @param ticker monotonic nanoseconds
  /// @param wallClock the time that tokens speak of
  /// @param maintenance runs evictions
  /// @param budget bytes that questions on their way may hold
  /// @param listener told of everything
  public record Collaborators(
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
  public VerdictCache(CacheConfig config, Preset preset, Collaborators around) {
    ticker = around.ticker();
    listener = around.listener();
    InstantSource wallClock = around.wallClock();
    Epochs revoked = new Epochs(STRIPES);
    LinePool pool = new LinePool();
    SessionEnds ends = new SessionEnds(STRIPES, ticker);
    store = new EntryStore(config.maxSize().bytes(), ticker, around.maintenance(), pool, listener);
    known = new KnownSessions(tags, store, revoked, ticker);
    sharing =
        new Sharing(
            new Bindings(config.ttl(), ticker, around.maintenance()),
            new QuestionReader(preset, tags, config.anonymousPaths().isPositive()),
            ticker,
            wallClock);
    settlement =
        new VerdictRecorder(
            store,
            new EntryFactory(config, preset, tags, pool, ends),
            sharing,
            revoked,
            new Epochs(STRIPES),
            flights,
            known,
            wallClock,
            listener);
    revocations =
        new Revocations(
            new Revocations.Targets(
                preset, tags, revoked, flights, ends, store, known, around.tokens(), listener));
    answers = new AnswerReader(preset, around.tokens());
    ClockWatch clocks = new ClockWatch(config.skew(), ticker.getAsLong(), wallClock.millis());
    lookup = new Lookup(store, settlement, revocations, clocks, config.staleIfError(), around);
    checks = new Checks(sharing, settlement, revocations, lookup, around);
    this.preset = preset;
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

  /// Whether a credential belongs to somebody: the upstream has allowed one of its cookies, or its
  /// `Authorization` without any cookie, lately and has not asked for a login since. What was
  /// merely sent is not known, nor is a session that others have displaced from a large, bounded
  /// record.
  ///
  /// @param credential a request's credential
  /// @return whether it has earned an allow
  public boolean isKnownSession(Credential credential) {
    return known.isKnown(credential);
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
    if (key == null || !question.mayBeRemembered()) {
      return null;
    }
    long nanos = ticker.getAsLong();
    Entry entry = lookup.fresh(key, question, nanos);
    if (entry == null) {
      return null;
    }
    if (entry.claimRefresh(nanos, REFRESH_PAUSE_NANOS)) {
      checks.refresh(question, key, client.get(), nanos);
    }
    listener.answered(question.application().name(), CacheStatus.HIT);
    return entry;
  }

  /// Asks the upstream, or joins a check that is on its way.
  ///
  /// @param question a question that [#hit] has not answered
  /// @param client whom it is asked for
  /// @param deadline when nobody waits any longer
  /// @param done receives the decision, exactly once, on any thread
  public void check(
      Question question, String client, VerdictSource.Deadline deadline, Consumer<Decision> done) {
    checks.check(question, client, deadline, done);
  }

  /// Begins a check that somebody else relays past the cache, because it has a body. To be called
  /// before the upstream is asked.
  ///
  /// @param question the question; its headers are read now and not later, unless it is asked again
  /// @return the check, to be told how it ends
  public RelayedCheck beginRelayed(Question question) {
    return new RelayedCheck(question, preset, answers, settlement, revocations, lookup, checks);
  }

  /// Takes notice of a fresh answer that was no allow, to a question that was asked past the cache.
  ///
  /// @param question the question
  public void refused(Question question) {
    if (question.key() != null) {
      settlement.refuse(question, question.key());
    }
  }
}
