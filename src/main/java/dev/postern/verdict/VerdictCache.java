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

/// Stores verdicts, and calls the upstream for those that it does not have.
///
/// A request becomes a [Question]. Its key is a digest of everything that the verdict may depend
/// on. A question without a key, or whose application has a TTL of zero, is sent to the upstream
/// every time and nothing is stored. [#hit] answers from the store, on the calling thread, without
/// a lock. [#check] calls the upstream: at most one check per key is in flight, other callers join
/// it, and they share its verdict only if it is an allow that could be stored. On anything else
/// each makes its own call, because a challenge is private.
///
/// Before a verdict is stored or shared, three things are checked: no revocation since the check
/// began (see [Revocations]), no refusal of another check of the same key since then, and no
/// expired token. Life and revocations of an entry are checked at each use.
public final class VerdictCache {
  /// Stripes of the epochs: 512 KiB each, so that ten thousand sign-outs also end one seventh of
  /// the unrelated entries.
  private static final int STRIPES = 1 << 16;

  /// Minimum time between two attempts to refresh an entry.
  private static final long REFRESH_PAUSE_NANOS = 1_000_000_000L;

  private final Preset preset;
  private final LongSupplier ticker;
  private final VerdictListener listener;
  private final Tags tags = Tags.random();
  private final KnownSessions known;
  private final Sharing sharing;
  private final EntryStore store;
  private final VerdictRecorder recorder;
  private final Revocations revocations;
  private final Lookup lookup;
  private final Checks checks;
  private final Flights flights = new Flights();
  private final VerdictReader answers;

  /// Collaborators of the cache.
  ///
  /// @param source calls the upstream
  /// @param ticker monotonic nanoseconds
  /// @param wallClock the time that tokens refer to
  /// @param maintenance runs evictions
  /// @param budget limits the bytes of requests in flight
  public record Collaborators(
      VerdictSource source,
      TokenReader tokens,
      LongSupplier ticker,
      InstantSource wallClock,
      Executor maintenance,
      InFlightBudget budget,
      VerdictListener listener) {}

  public VerdictCache(CacheConfig config, Preset preset, Collaborators parts) {
    ticker = parts.ticker();
    listener = parts.listener();
    InstantSource wallClock = parts.wallClock();
    Epochs revoked = new Epochs(STRIPES);
    LinePool pool = new LinePool();
    SessionEnds ends = new SessionEnds(STRIPES, ticker);
    store = new EntryStore(config.maxSize().bytes(), ticker, parts.maintenance(), pool, listener);
    known = new KnownSessions(tags, store, revoked, ticker);
    sharing =
        new Sharing(
            new Bindings(config.ttl(), ticker, parts.maintenance()),
            new QuestionReader(preset, tags, config.anonymousPaths().isPositive()),
            ticker,
            wallClock);
    recorder =
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
                preset, tags, revoked, flights, ends, store, known, parts.tokens(), listener));
    answers = new VerdictReader(preset, parts.tokens());
    ClockWatch clocks = new ClockWatch(config.skew(), ticker.getAsLong(), wallClock.millis());
    lookup = new Lookup(store, recorder, revocations, clocks, config.staleIfError(), parts);
    checks = new Checks(sharing, recorder, revocations, lookup, parts);
    this.preset = preset;
  }

  public Revocations revocations() {
    return revocations;
  }

  /// Number of entries.
  public long entryCount() {
    return store.size();
  }

  /// Memory of the entries in bytes; shared lines are counted once.
  public long entryBytes() {
    return store.bytes();
  }

  /// Entry counts by application, in no particular order.
  public Collection<ApplicationEntries> entriesByApplication() {
    return store.byApplication();
  }

  /// Whether a credential belongs to a session: the upstream recently allowed one of its cookies,
  /// or its `Authorization` if there was no cookie, and did not challenge it since. A credential
  /// that was only sent is unknown, and so is a session that others displaced from the bounded
  /// record.
  public boolean isKnownSession(Credential credential) {
    return known.isKnown(credential);
  }

  /// Reads a forwarded request.
  public Question question(ForwardedRequest request, Application application) {
    return sharing.read(request, application);
  }

  /// Answers from the store.
  ///
  /// @param question a question whose request still has its connection
  /// @param client the client address, used if the entry is due for a refresh
  /// @return the entry, or null
  public @Nullable Entry hit(Question question, Supplier<String> client) {
    VerdictKey key = question.key();
    if (key == null || !question.isCacheable()) {
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

  /// Calls the upstream, or joins a check in flight.
  ///
  /// @param question a question that [#hit] did not answer
  /// @param client the client address, for fair limits
  /// @param deadline when the client stops waiting
  /// @param done receives the decision, exactly once, on any thread
  public void check(
      Question question, String client, VerdictSource.Deadline deadline, Consumer<Decision> done) {
    checks.check(question, client, deadline, done);
  }

  /// Begins a check that the caller relays past the cache because it has a body. Call this before
  /// calling the upstream.
  ///
  /// @param question the question; its headers are read now, and again only if the check is
  ///   repeated
  /// @return the check; the caller must report its outcome
  public RelayedCheck beginRelayed(Question question) {
    return new RelayedCheck(question, preset, answers, recorder, revocations, lookup, checks);
  }

  /// Records a fresh response that was not an allow, to a request that was sent past the cache.
  public void refused(Question question) {
    if (question.key() != null) {
      recorder.refuse(question, question.key());
    }
  }
}
