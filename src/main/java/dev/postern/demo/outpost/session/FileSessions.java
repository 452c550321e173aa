package dev.postern.demo.outpost.session;

import dev.postern.demo.core.Hmac;
import dev.postern.demo.golang.GoHeaders;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// The standalone outpost's store (docs/design/authentik.md sections 2.1 and 2.2): the cookie is a
/// signed string, created again at each save, so one session has several valid strings. Life,
/// domain and the secure flag are those of the application loaded last.
final class FileSessions implements SessionStore {
  private static final int MAX_COOKIE_LENGTH = 4096;
  private static final int MAC_BYTES = 32;

  private final Clock clock;
  private final Supplier<CookieOptions> loadedLast;
  private final SecureRandom random = new SecureRandom();
  private final byte[] key = new byte[32];
  private final Map<String, Saved> files = new ConcurrentHashMap<>();

  private record Saved(Optional<Claims> claims, boolean redirectSet, Instant savedAt) {}

  FileSessions(Clock clock, Supplier<CookieOptions> loadedLast) {
    this.clock = clock;
    this.loadedLast = loadedLast;
    random.nextBytes(key);
  }

  @Override
  public Session load(Optional<String> cookie, CookieOptions own) {
    int maxAge = loadedLast.get().maxAge();
    if (cookie.isEmpty()) {
      return new Session("", maxAge, false);
    }
    Optional<String> id = decode(cookie.get());
    if (id.isEmpty()) {
      return new Session("", maxAge, true);
    }
    Saved saved = files.get(id.get());
    if (saved == null || isOver(saved.savedAt())) {
      return new Session(id.get(), maxAge, true);
    }
    Session session = new Session(id.get(), maxAge, false);
    session.claims(saved.claims().orElse(null));
    session.redirectSet(saved.redirectSet());
    return session;
  }

  @Override
  public boolean save(Session session, String cookieName, CookieOptions own, GoHeaders response) {
    CookieOptions options = loadedLast.get();
    Instant now = clock.instant();
    String value = "";
    if (session.maxAge() <= 0) {
      files.remove(session.id());
    } else {
      if (session.id().isEmpty()) {
        session.id(SessionStore.newId(random));
      }
      Optional<Claims> claims = Optional.ofNullable(session.claims());
      files.put(session.id(), new Saved(claims, session.redirectSet(), now));
      value = encode(session.id(), now);
    }
    String line = SessionStore.cookie(cookieName, value, session.maxAge(), options, now);
    response.add("Set-Cookie", line);
    return true;
  }

  @Override
  public int removeIf(Predicate<Claims> which) {
    int before = files.size();
    files.values().removeIf(saved -> saved.claims().filter(which).isPresent());
    return before - files.size();
  }

  @Override
  public void remove(String cookie) {
    decode(cookie).ifPresent(files::remove);
  }

  @Override
  public int size() {
    return files.size();
  }

  private boolean isOver(Instant since) {
    return since.getEpochSecond() < clock.instant().getEpochSecond() - loadedLast.get().maxAge();
  }

  /// The form of gorilla's securecookie: base64 of `seconds|base64(gob(id))|mac`, 160 characters.
  private String encode(String id, Instant now) {
    byte[] text = id.getBytes(StandardCharsets.ISO_8859_1);
    ByteArrayOutputStream gob = new ByteArrayOutputStream(text.length + 4);
    gob.write(text.length + 3);
    gob.write(0x0c);
    gob.write(0);
    gob.write(text.length);
    gob.writeBytes(text);
    String signed = now.getEpochSecond() + "|" + base64(gob.toByteArray()) + "|";
    byte[] head = signed.getBytes(StandardCharsets.ISO_8859_1);
    ByteArrayOutputStream whole = new ByteArrayOutputStream(head.length + MAC_BYTES);
    whole.writeBytes(head);
    whole.writeBytes(Hmac.of("HmacSHA256", key, head));
    return base64(whole.toByteArray());
  }

  private Optional<String> decode(String cookie) {
    if (cookie.length() > MAX_COOKIE_LENGTH || cookie.length() % 4 != 0) {
      return Optional.empty();
    }
    try {
      byte[] whole = Base64.getUrlDecoder().decode(cookie);
      int end = whole.length - MAC_BYTES;
      if (end <= 0) {
        return Optional.empty();
      }
      byte[] head = Arrays.copyOf(whole, end);
      byte[] mac = Arrays.copyOfRange(whole, end, whole.length);
      if (!MessageDigest.isEqual(mac, Hmac.of("HmacSHA256", key, head))) {
        return Optional.empty();
      }
      String[] parts = new String(head, StandardCharsets.ISO_8859_1).split("\\|", -1);
      if (isOver(Instant.ofEpochSecond(Long.parseLong(parts[0])))) {
        return Optional.empty();
      }
      byte[] gob = Base64.getUrlDecoder().decode(parts[1]);
      return Optional.of(new String(gob, 4, gob.length - 4, StandardCharsets.ISO_8859_1));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().encodeToString(bytes);
  }
}
