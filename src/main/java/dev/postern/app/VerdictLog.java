package dev.postern.app;

import dev.postern.verdict.CacheStatus;
import dev.postern.verdict.RevocationSource;
import dev.postern.verdict.Verdict;
import dev.postern.verdict.VerdictListener;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Logs events of the verdict cache for the operator, each once or once per change, and passes all
/// events to the next listener.
final class VerdictLog implements VerdictListener {
  private static final Logger LOG = LoggerFactory.getLogger(VerdictLog.class);

  /// Caps log lines about applications: clients can choose their names (hosts).
  private static final int MAX_APPLICATIONS = 1000;

  /// Faults in a row, without a verdict between them, that count as an outage. A single fault may
  /// come from one malformed request (500) or from one user's attributes (trap 48).
  private static final int OUTAGE_FAULTS = 3;

  /// Minimum time between two lines about overload or timeouts; both come in thousands.
  private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final VerdictListener next;
  private final Runnable outage;
  private final LongSupplier ticker;
  private final AtomicLong nextOverload;
  private final AtomicLong nextClientShare;
  private final AtomicLong nextOptionTimeout;
  private final Set<String> seen = ConcurrentHashMap.newKeySet();
  private final Set<String> changed = ConcurrentHashMap.newKeySet();
  private final AtomicInteger faultsInARow = new AtomicInteger();

  /// @param next receives all events
  /// @param outage called when an outage begins
  /// @param ticker monotonic nanoseconds
  VerdictLog(VerdictListener next, Runnable outage, LongSupplier ticker) {
    this.next = next;
    this.outage = outage;
    this.ticker = ticker;
    nextOverload = new AtomicLong(ticker.getAsLong());
    nextClientShare = new AtomicLong(ticker.getAsLong());
    nextOptionTimeout = new AtomicLong(ticker.getAsLong());
  }

  @Override
  public void answered(String application, CacheStatus status) {
    if (status == CacheStatus.HIT && isFirst(seen, application)) {
      LOG.atInfo()
          .addKeyValue("application", application)
          .log("Works: first request answered from the cache");
    }
    next.answered(application, status);
  }

  private static boolean isFirst(Set<String> known, String application) {
    return !known.contains(application)
        && known.size() < MAX_APPLICATIONS
        && known.add(application);
  }

  @Override
  public void checkStarted() {
    next.checkStarted();
  }

  @Override
  public void checkEnded(Verdict verdict, long nanos) {
    switch (verdict) {
      case Verdict.Unavailable(var response, var fault) -> failed(fault, response.status());
      case Verdict.Allow _,
          Verdict.AnonymousAllow _,
          Verdict.Challenge _,
          Verdict.Deny _,
          Verdict.Other _ -> {
        if (faultsInARow.get() != 0 && faultsInARow.getAndSet(0) >= OUTAGE_FAULTS) {
          LOG.info("The identity provider returns verdicts again");
        }
      }
    }
    next.checkEnded(verdict, nanos);
  }

  @Override
  public void refused(Verdict.Fault fault) {
    failed(fault, 503);
    next.refused(fault);
  }

  private void failed(Verdict.Fault fault, int status) {
    switch (fault) {
      case OVERLOAD -> {
        if (isDue(nextOverload)) {
          LOG.warn(
              "Requests get 503, because too many wait for the identity provider; check whether it"
                  + " is slow, or raise upstream.maxConcurrent");
        }
      }
      case CLIENT_SHARE -> {
        if (isDue(nextClientShare)) {
          LOG.warn(
              "Requests of one client get 503, because it uses its quarter of"
                  + " upstream.maxConcurrent or of upstream.maxInFlightSize; if that client is a"
                  + " proxy or a CDN, set cache.loginLimit.sourceCriterion.ipStrategy");
        }
      }
      case INTERNAL, OVERTAKEN -> {
        // Logged where it was detected; not a fault of the upstream.
      }
      case OPTION_TIMEOUT -> {
        // A short timeout of one router says nothing about the upstream.
        if (isDue(nextOptionTimeout)) {
          LOG.warn(
              "Requests get 504, because the option timeout of a plugin block ended their checks"
                  + " before upstream.timeout; raise or remove that option");
        }
      }
      case UPSTREAM_ERROR,
          CONNECT,
          NO_ANSWER,
          BROKEN,
          MALFORMED,
          TIMEOUT,
          HEAD_TOO_LARGE,
          TOO_LARGE,
          STOPPING -> {
        if (faultsInARow.incrementAndGet() == OUTAGE_FAULTS) {
          LOG.atWarn()
              .addKeyValue("kind", fault)
              .addKeyValue("status", status)
              .log("No verdicts: {}", advice(fault));
          outage.run();
        }
      }
    }
  }

  private static String advice(Verdict.Fault fault) {
    return switch (fault) {
      case INTERNAL -> "Postern itself fails; see its log";
      case UPSTREAM_ERROR -> "the identity provider responds with errors; see its log";
      case CONNECT -> "the identity provider cannot be reached; check upstream.url and its TLS";
      case NO_ANSWER -> "the identity provider closes connections without a response; see its log";
      case BROKEN ->
          "the identity provider's responses are cut off; check what is between it and Postern";
      case MALFORMED -> "the response is not valid HTTP; check scheme and port of upstream.url";
      case TIMEOUT -> "the identity provider does not respond within upstream.timeout";
      case HEAD_TOO_LARGE ->
          "the identity provider's responses have heads above 1 MiB or 10,000 header lines";
      case TOO_LARGE -> "the identity provider's responses are larger than 1 MiB";
      case OPTION_TIMEOUT, OVERLOAD, CLIENT_SHARE, OVERTAKEN, STOPPING ->
          "too many requests at once";
    };
  }

  private boolean isDue(AtomicLong next) {
    long present = ticker.getAsLong();
    long due = next.get();
    return present - due >= 0 && next.compareAndSet(due, present + PAUSE_NANOS);
  }

  @Override
  public void notStored(String application, NotStored reason) {
    if (reason == NotStored.APPLICATION_CHANGED && isFirst(changed, application)) {
      LOG.atWarn()
          .addKeyValue("application", application)
          .log(
              "Two applications of the identity provider respond for one host alternately; nothing"
                  + " is cached for it. Check for providers with equal cookie domains");
    }
    next.notStored(application, reason);
  }

  @Override
  public void removed(Removal reason) {
    next.removed(reason);
  }

  @Override
  public void revoked(RevocationSource feed) {
    next.revoked(feed);
  }

  @Override
  public void failed(Throwable failure) {
    LOG.atError()
        .setCause(failure)
        .log("A check failed within Postern; please report this with the lines below");
    next.failed(failure);
  }

  @Override
  public void clockJumped(long millis) {
    LOG.atWarn()
        .addKeyValue("millis", millis)
        .log("The clock jumped or the machine slept; all entries are removed");
    next.clockJumped(millis);
  }
}
