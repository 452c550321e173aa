package dev.postern.server.limit;

import dev.postern.config.LoginLimitConfig;
import dev.postern.net.RequestHeaders;
import dev.postern.verdict.Verdict;
import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Limits how often one client is sent to the login. Each challenge makes the identity provider
/// store another session, and a client that never logs in could cause them without end.
///
/// A response debits its client if it is a challenge, or if it is not an allow and the request has
/// no credential or is meant to change a session. A request that its client cancels before the
/// response debits, too, because the upstream may have created a session for it. A client whose
/// account is empty is refused before the upstream is called. Responses from the cache are not
/// limited, and allows debit nothing.
///
/// A request that carries a credential may turn out to be allowed, and other clients may share its
/// address (a Docker gateway, a company). So each client has two accounts, one for requests with a
/// credential and one for those without. Anyone can invent a credential, so it counts as a session
/// only after the upstream has allowed it. A session is served even if its client's account is
/// empty, so that nobody else can keep its owner from signing out.
public final class LoginLimit {
  private static final Logger LOG = LoggerFactory.getLogger(LoginLimit.class);

  private static final int SLOTS = 1 << 14;

  /// Log at this interval at most: an attack must not flood the log.
  private static final long LOG_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final LoginLimitConfig config;
  private final Clients clients;
  private final LongSupplier ticker;
  private final Runnable refusals;
  private final Accounts anonymous;
  private final Accounts credentialed;
  private final long origin;
  private final AtomicLong nextLog;
  private final AtomicLong unlogged = new AtomicLong();

  /// All buckets start full.
  ///
  /// @param clients finds the client that a request is counted for
  /// @param ticker monotonic nanoseconds
  /// @param refusals run for each refused request
  public LoginLimit(
      LoginLimitConfig config, Clients clients, LongSupplier ticker, Runnable refusals) {
    this.config = config;
    this.ticker = ticker;
    this.refusals = refusals;
    this.clients = clients;
    anonymous = accounts(config);
    credentialed = accounts(config);
    origin = ticker.getAsLong();
    nextLog = new AtomicLong(origin);
  }

  private static Accounts accounts(LoginLimitConfig config) {
    double nanosForEach = (double) config.period().toNanos() / Math.max(1, config.average());
    int slots = config.isOn() ? SLOTS : 1;
    return new Accounts(slots, nanosForEach, config.burst(), new SecureRandom().nextLong());
  }

  /// The account for a request that is about to be sent to the upstream.
  ///
  /// @param headers its headers, if the peer is trusted
  /// @param peer address of the peer that sent it
  public Account account(RequestHeaders headers, String peer, Sent sent) {
    return config.isOn() ? new Holder(clients.loginKey(headers, peer), sent) : Account.UNLIMITED;
  }

  /// What is known of a request.
  ///
  /// @param hasCredential whether it carries a credential
  /// @param changesSession whether it starts a login, completes one or signs out: then everything
  ///   but an allow counts
  /// @param session whether the upstream has allowed its credential before; called only when needed
  public record Sent(boolean hasCredential, boolean changesSession, BooleanSupplier session) {}

  /// One client's account, as used by one request.
  public interface Account {
    /// The account if the limit is disabled.
    Account UNLIMITED =
        new Account() {
          @Override
          public long retryAfterSeconds() {
            return 0;
          }

          @Override
          public void answered(int status) {}

          @Override
          public void aborted() {}
        };

    /// Whether the request must be refused.
    ///
    /// @return 0 if not, otherwise the seconds until the client may try again
    long retryAfterSeconds();

    /// The upstream has responded.
    void answered(int status);

    /// The client has cancelled the request before the upstream's response.
    void aborted();
  }

  private final class Holder implements Account {
    private final String client;
    private final Sent sent;
    private final Accounts accounts;
    private final int slot;

    Holder(String client, Sent sent) {
      this.client = client;
      this.sent = sent;
      accounts = sent.hasCredential() ? credentialed : anonymous;
      slot = accounts.slot(client);
    }

    @Override
    public long retryAfterSeconds() {
      long wait = accounts.waitNanos(slot, now());
      if (wait == 0 || (sent.hasCredential() && sent.session().getAsBoolean())) {
        return 0;
      }
      refusals.run();
      logRefusal(client);
      return Math.ceilDiv(wait, TimeUnit.SECONDS.toNanos(1));
    }

    @Override
    public void answered(int status) {
      if (status >= 500) {
        return;
      }
      boolean allowed = status >= 200 && status < 300;
      boolean challenged = Verdict.Challenge.isStatus(status) || status == 401;
      boolean counts = !sent.hasCredential() || sent.changesSession();
      if (challenged || (!allowed && counts)) {
        accounts.debit(slot, now());
      }
    }

    @Override
    public void aborted() {
      accounts.debit(slot, now());
    }
  }

  private long now() {
    return ticker.getAsLong() - origin;
  }

  private void logRefusal(String client) {
    long count = unlogged.incrementAndGet();
    long due = nextLog.get();
    long present = ticker.getAsLong();
    if (present - due >= 0 && nextLog.compareAndSet(due, present + LOG_PAUSE_NANOS)) {
      unlogged.addAndGet(-count);
      LOG.atWarn()
          .addKeyValue("client", client)
          .addKeyValue("refused", count)
          .log(
              "A client starts logins faster than cache.loginLimit allows and gets 429; if many"
                  + " people share that address, see docs/security.md");
    }
  }
}
