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

/// Bounds how often one client is sent to the login: each such answer makes the identity provider
/// remember another session, and a client that never logs in can cause them without end.
///
/// A response debits its client if it is a challenge, or no allow to a request that has no
/// credential or is meant to change a session; so does a request that its client gives up before
/// the response is there, because the upstream may have begun a session for it. A client that has
/// used up its account is refused before the upstream is asked. Responses from memory are not
/// limited, and allows debit nobody.
///
/// A request that carries a credential may turn out to be allowed, and others may share its address
/// (a Docker gateway, a company). So there are two accounts for each client, one for requests with
/// a credential and one for those without. Anybody can invent a credential, so only one that has
/// earned an allow is a session, which is served whatever its client's account says: nobody else
/// can keep its owner from signing out.
public final class LoginLimit {
  private static final Logger LOG = LoggerFactory.getLogger(LoginLimit.class);

  private static final int SLOTS = 1 << 14;

  /// One line tells of an attack; thousands of them would be one.
  private static final long LOG_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final LoginLimitConfig config;
  private final Clients clients;
  private final LongSupplier ticker;
  private final Runnable refusals;
  private final Accounts anonymous;
  private final Accounts credentialed;
  private final long origin;
  private final AtomicLong nextLog;
  private final AtomicLong untold = new AtomicLong();

  /// Makes a limit with everybody's account full.
  ///
  /// @param config how much
  /// @param clients whom it is counted for
  /// @param ticker monotonic nanoseconds
  /// @param refusals told of each request that is refused
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

  /// Opens a client's account for a request that the upstream is about to be sent.
  ///
  /// @param headers its headers, if the peer is trusted to speak for a client
  /// @param peer address of the peer that sent it
  /// @param sent what is known of the request
  /// @return the account
  public Account account(RequestHeaders headers, String peer, Sent sent) {
    return config.isOn() ? new Holder(clients.counted(headers, peer), sent) : Account.UNLIMITED;
  }

  /// What is known of a request.
  ///
  /// @param hasCredential whether it carries a credential
  /// @param changesSession whether it begins, ends or ends the beginning of a session: then all but
  ///   an allow counts
  /// @param session whether its credential has earned an allow; asked when that matters
  public record Sent(boolean hasCredential, boolean changesSession, BooleanSupplier session) {}

  /// One client's account, in the hands of one request.
  public interface Account {
    /// The account of a limit that is off.
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

    /// Whether the request has to be refused.
    ///
    /// @return 0 if not, else when the client may try again
    long retryAfterSeconds();

    /// The upstream has answered.
    ///
    /// @param status its status
    void answered(int status);

    /// The client has given the request up before the upstream's response was there.
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
      tell(client);
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

  private void tell(String client) {
    long count = untold.incrementAndGet();
    long due = nextLog.get();
    long present = ticker.getAsLong();
    if (present - due >= 0 && nextLog.compareAndSet(due, present + LOG_PAUSE_NANOS)) {
      untold.addAndGet(-count);
      LOG.atWarn()
          .addKeyValue("client", client)
          .addKeyValue("refused", count)
          .log(
              "A client begins logins faster than cache.loginLimit allows and gets 429; if many"
                  + " people share that address, see docs/security.md");
    }
  }
}
