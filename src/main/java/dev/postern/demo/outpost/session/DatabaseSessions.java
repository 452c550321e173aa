package dev.postern.demo.outpost.session;

import dev.postern.demo.golang.GoHeaders;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/// The embedded outpost's store (docs/design/authentik.md sections 2.1 and 2.2): the cookie is the
/// plain session id, an unknown id becomes a session at login, and a row expires with the token.
final class DatabaseSessions implements SessionStore {
  private final Clock clock;
  private final BooleanSupplier down;
  private final SecureRandom random = new SecureRandom();
  private final Map<String, Row> rows = new ConcurrentHashMap<>();

  private record Row(Optional<Claims> claims, boolean redirectSet, Instant expires) {}

  DatabaseSessions(Clock clock, BooleanSupplier down) {
    this.clock = clock;
    this.down = down;
  }

  @Override
  public Session load(Optional<String> cookie, CookieOptions own) {
    String id = cookie.orElse("");
    if (id.isEmpty()) {
      return new Session("", own.maxAge(), false);
    }
    if (down.getAsBoolean()) {
      return new Session(id, own.maxAge(), true);
    }
    Session session = new Session(id, own.maxAge(), false);
    Row row = rows.get(id);
    if (row != null && clock.instant().isBefore(row.expires())) {
      session.claims(row.claims().orElse(null));
      session.redirectSet(row.redirectSet());
    }
    return session;
  }

  @Override
  public boolean save(Session session, String cookieName, CookieOptions own, GoHeaders response) {
    if (down.getAsBoolean()) {
      return false;
    }
    Instant now = clock.instant();
    if (session.maxAge() <= 0) {
      rows.remove(session.id());
    } else {
      if (session.id().isEmpty()) {
        session.id(SessionStore.newId(random));
      }
      Optional<Claims> claims = Optional.ofNullable(session.claims());
      Instant expires = now.plusSeconds(session.maxAge());
      rows.put(session.id(), new Row(claims, session.redirectSet(), expires));
    }
    String value = session.maxAge() <= 0 ? "" : session.id();
    String line = SessionStore.cookie(cookieName, value, session.maxAge(), own.withoutPort(), now);
    response.add("Set-Cookie", line);
    return true;
  }

  @Override
  public int removeIf(Predicate<Claims> which) {
    if (down.getAsBoolean()) {
      return 0;
    }
    int before = rows.size();
    rows.values().removeIf(row -> row.claims().filter(which).isPresent());
    return before - rows.size();
  }

  @Override
  public void remove(String cookie) {
    rows.remove(cookie);
  }

  @Override
  public int size() {
    return rows.size();
  }
}
