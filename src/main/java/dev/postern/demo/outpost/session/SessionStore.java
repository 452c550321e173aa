package dev.postern.demo.outpost.session;

import dev.postern.demo.core.Base32;
import dev.postern.demo.golang.GoHeaders;
import dev.postern.demo.golang.GoUrl;
import dev.postern.demo.http.WireWriter;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// Stores sessions between requests.
public interface SessionStore {
  /// Attributes of the session cookie.
  ///
  /// @param domain the domain, empty for a host-only cookie
  /// @param secure whether it is for https only
  /// @param maxAge seconds before login
  record CookieOptions(String domain, boolean secure, int maxAge) {
    /// The same with a port cut off the domain.
    public CookieOptions withoutPort() {
      String name = GoUrl.parse("//" + domain).map(GoUrl::hostname).orElse("");
      return new CookieOptions(name, secure, maxAge);
    }

    /// The domain as Go writes it: without leading dot, empty if it is not a domain name.
    private String writtenDomain() {
      String name = domain.startsWith(".") ? domain.substring(1) : domain;
      return name.matches("[A-Za-z0-9.-]*") ? name : "";
    }
  }

  /// The standalone outpost's store.
  ///
  /// @param clock gives the time
  /// @param loadedLast the options of the application loaded last
  /// @return an empty store
  static SessionStore files(Clock clock, Supplier<CookieOptions> loadedLast) {
    return new FileSessions(clock, loadedLast);
  }

  /// The embedded outpost's store.
  ///
  /// @param clock gives the time
  /// @param down whether the database cannot be reached
  /// @return an empty store
  static SessionStore database(Clock clock, BooleanSupplier down) {
    return new DatabaseSessions(clock, down);
  }

  /// The session that a request's cookie names.
  ///
  /// @param cookie the cookie's value, or nothing without a cookie
  /// @param own the options of the requested application
  /// @return the session, perhaps a new or an unloadable one
  Session load(Optional<String> cookie, CookieOptions own);

  /// Stores the session and sets its cookie, or deletes both if its age is negative.
  ///
  /// @param session the session; it gets an id if it has none
  /// @param own the options of the requested application
  /// @param response receives the `Set-Cookie` line
  /// @return false if the store failed; then there is no `Set-Cookie`
  boolean save(Session session, String cookieName, CookieOptions own, GoHeaders response);

  /// Removes all sessions whose identity matches.
  ///
  /// @return how many were removed
  int removeIf(Predicate<Claims> which);

  /// Removes one session record.
  ///
  /// @param cookie a cookie value that names it
  void remove(String cookie);

  /// How many records there are.
  int size();

  /// A fresh session id: 32 random bytes in base32.
  ///
  /// @param random the source
  /// @return 52 characters
  static String newId(SecureRandom random) {
    byte[] bytes = new byte[32];
    random.nextBytes(bytes);
    return Base32.encode(bytes);
  }

  /// A `Set-Cookie` value in Go's order of attributes.
  ///
  /// @param name the cookie's name
  /// @param maxAge seconds, negative to delete
  /// @param options domain and flags
  /// @param now the time of `Expires`
  /// @return the value of the line
  static String cookie(String name, String value, int maxAge, CookieOptions options, Instant now) {
    StringBuilder line = new StringBuilder(160);
    line.append(name).append('=').append(value).append("; Path=/");
    String domain = options.writtenDomain();
    if (!domain.isEmpty()) {
      line.append("; Domain=").append(domain);
    }
    Instant expires = maxAge > 0 ? now.plusSeconds(maxAge) : Instant.ofEpochSecond(1);
    line.append("; Expires=").append(WireWriter.date(expires));
    line.append("; Max-Age=").append(Math.max(0, maxAge));
    line.append("; HttpOnly");
    if (options.secure()) {
      line.append("; Secure");
    }
    return line.append("; SameSite=Lax").toString();
  }
}
