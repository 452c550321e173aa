package dev.postern.demo.idp;

import dev.postern.demo.core.Hmac;
import dev.postern.demo.http.Headers;
import dev.postern.demo.http.HttpRequest;
import dev.postern.demo.outpost.Outpost;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/// A record of every forward-auth check and of every revocation, ordered by one sequence.
///
/// Begin, end and revocation take their numbers from the same sequence, so that a test can decide
/// without a clock whether a check began after a revocation.
public final class Journal {
  private static final int CAPACITY = 200_000;

  private final Clock clock;

  /// Guards everything below.
  private final ReentrantLock lock = new ReentrantLock();

  private final Deque<CheckRecord> checks = new ArrayDeque<>();
  private final Deque<RevocationRecord> revocations = new ArrayDeque<>();
  private final Map<String, Long> identityChecks = new HashMap<>();
  private long sequence;
  private long total;

  /// One check.
  ///
  /// @param began sequence number of the request's arrival
  /// @param ended sequence number of the moment before the response is written
  /// @param time wall-clock time of the arrival
  /// @param application slug, empty if the host has none
  /// @param host the host that was looked up
  /// @param cookie digest of the application's session cookie, empty without one
  /// @param credential digest of all authentik cookies' lines and of `Authorization`
  /// @param sid session id of the identity in the response or that was found, or empty
  /// @param sub its subject, or empty
  /// @param status the status of the response, 0 for none
  /// @param identity whether the response carried an identity
  public record CheckRecord(
      long began,
      long ended,
      Instant time,
      String application,
      String host,
      String cookie,
      String credential,
      String sid,
      String sub,
      int status,
      boolean identity) {}

  /// One revocation, recorded when it has taken effect here and before clients are notified.
  ///
  /// @param sequence its number
  /// @param time wall-clock time
  /// @param kind `sid`, `sub`, `user`, `sign-out` or `update`
  /// @param value what was revoked
  public record RevocationRecord(long sequence, Instant time, String kind, String value) {}

  Journal(Clock clock) {
    this.clock = clock;
  }

  /// The digest that stands for a cookie value or a credential in the journal.
  ///
  /// @param bytes the value, one character a byte; empty stays empty
  /// @return 32 hexadecimal digits
  public static String digest(String bytes) {
    return bytes.isEmpty() ? "" : Hmac.sha256Hex(bytes).substring(0, 32);
  }

  /// The digest of a request's credential: its `Cookie` and `Authorization` lines as they are.
  ///
  /// @return the digest, empty if there are no such lines
  public static String credential(HttpRequest request) {
    List<String> cookies = Headers.all(request.headers(), "Cookie");
    List<String> authorization = Headers.all(request.headers(), "Authorization");
    return cookies.isEmpty() && authorization.isEmpty()
        ? ""
        : digest(String.join("\n", cookies) + "\n\n" + String.join("\n", authorization));
  }

  long begin() {
    lock.lock();
    try {
      total++;
      return ++sequence;
    } finally {
      lock.unlock();
    }
  }

  void end(
      long began,
      Instant time,
      HttpRequest request,
      Outpost.Trace trace,
      int status,
      boolean identity) {
    String cookie = digest(trace.cookie());
    String credential = credential(request);
    lock.lock();
    try {
      checks.addLast(
          new CheckRecord(
              began,
              ++sequence,
              time,
              trace.application(),
              trace.host(),
              cookie,
              credential,
              trace.sid(),
              trace.sub(),
              status,
              identity));
      if (checks.size() > CAPACITY) {
        checks.removeFirst();
      }
      if (identity) {
        identityChecks.merge(trace.host() + " " + trace.sub(), 1L, Long::sum);
      }
    } finally {
      lock.unlock();
    }
  }

  void revoked(String kind, String value) {
    lock.lock();
    try {
      revocations.addLast(new RevocationRecord(++sequence, clock.instant(), kind, value));
      if (revocations.size() > CAPACITY) {
        revocations.removeFirst();
      }
    } finally {
      lock.unlock();
    }
  }

  /// The checks whose response is decided, oldest first; at most the last 200,000.
  public List<CheckRecord> checks() {
    lock.lock();
    try {
      return List.copyOf(checks);
    } finally {
      lock.unlock();
    }
  }

  /// The revocations, oldest first.
  public List<RevocationRecord> revocations() {
    lock.lock();
    try {
      return List.copyOf(revocations);
    } finally {
      lock.unlock();
    }
  }

  /// How many checks have begun since the start; clearing does not reset it.
  public long checkCount() {
    lock.lock();
    try {
      return total;
    } finally {
      lock.unlock();
    }
  }

  /// How many checks have given an identity to a subject on a host since the start.
  ///
  /// @param host the host as it was looked up
  /// @param sub the subject
  public long identityChecks(String host, String sub) {
    lock.lock();
    try {
      return identityChecks.getOrDefault(host + " " + sub, 0L);
    } finally {
      lock.unlock();
    }
  }

  /// The number of the newest event; what happens later has a higher one.
  public long now() {
    lock.lock();
    try {
      return sequence;
    } finally {
      lock.unlock();
    }
  }

  /// Whether a session cookie was given an identity by a check that began after the last
  /// revocation, or at all if there was none.
  ///
  /// @param cookie the cookie's value, one character a byte
  public boolean allowedSinceLastRevocation(String cookie) {
    String digest = digest(cookie);
    lock.lock();
    try {
      long last = revocations.isEmpty() ? 0 : revocations.getLast().sequence();
      return checks.stream()
          .anyMatch(c -> c.identity() && c.began() > last && c.cookie().equals(digest));
    } finally {
      lock.unlock();
    }
  }

  /// Deletes all records; the sequence continues.
  public void clear() {
    lock.lock();
    try {
      checks.clear();
      revocations.clear();
    } finally {
      lock.unlock();
    }
  }
}
