package dev.postern.demo.core;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Users, applications, core sessions, authorization codes and tokens of the demo identity
/// provider.
///
/// All methods are safe for concurrent use; listeners run on the calling thread after the change.
public final class Core {
  private final String url;
  private final Clock clock;
  private final String masterKey;
  private final SecureRandom random = new SecureRandom();
  private final List<Consumer<String>> sessionEndListeners = new CopyOnWriteArrayList<>();

  /// Guards all maps and lists below.
  private final ReentrantLock lock = new ReentrantLock();

  private final Map<String, DemoUser> users = new LinkedHashMap<>();
  private final List<DemoApplication> applications = new ArrayList<>();
  private final Map<String, CoreSession> sessions = new HashMap<>();
  private final Tokens tokens;

  /// A core without users and applications.
  ///
  /// @param url its own URL as browsers see it, without trailing slash
  public Core(String url, Clock clock) {
    this.url = url;
    this.clock = clock;
    this.masterKey = randomText();
    this.tokens = new Tokens(url, clock, this::randomText);
  }

  private String randomText() {
    byte[] bytes = new byte[32];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /// The URL of this core as browsers see it.
  ///
  /// @return the URL without trailing slash
  public String url() {
    return url;
  }

  /// The clock of this core.
  public Clock clock() {
    return clock;
  }

  /// Calls the listener with the `sid` of each session that ends.
  public void onSessionEnd(Consumer<String> listener) {
    sessionEndListeners.add(listener);
  }

  /// Adds a user or replaces the one of the same name.
  public void putUser(DemoUser user) {
    locked(() -> users.put(user.username(), user));
  }

  /// Adds an application or replaces the one of the same slug, which keeps its place.
  public void putApplication(DemoApplication application) {
    locked(() -> {
      for (int i = 0; i < applications.size(); i++) {
        if (applications.get(i).slug().equals(application.slug())) {
          return applications.set(i, application);
        }
      }
      return applications.add(application);
    });
  }

  /// Removes an application.
  public void removeApplication(String slug) {
    locked(() -> applications.removeIf(application -> application.slug().equals(slug)));
  }

  /// The applications in load order.
  public List<DemoApplication> applications() {
    return locked(() -> List.copyOf(applications));
  }

  /// The application of an OAuth client.
  ///
  /// @return the application, or nothing
  public Optional<DemoApplication> client(String clientId) {
    return applications().stream().filter(a -> a.clientId().equals(clientId)).findFirst();
  }

  /// The secret of an OAuth client, with which its tokens are signed.
  public String clientSecret(String clientId) {
    byte[] code = Hmac.sha256(masterKey, clientId);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(code);
  }

  /// Checks a password and starts a session.
  ///
  /// @param username the login name
  /// @return the session, or nothing if the pair is wrong
  public Optional<CoreSession> login(String username, String password) {
    return locked(() -> {
      DemoUser user = users.get(username);
      if (user == null || !user.password().equals(password)) {
        return Optional.empty();
      }
      CoreSession session = new CoreSession(randomText(), user, clock.instant(), false);
      sessions.put(session.key(), session);
      return Optional.of(session);
    });
  }

  /// Finds a session.
  ///
  /// @param key the value of the core's session cookie
  /// @return the session, or nothing
  public Optional<CoreSession> session(String key) {
    return locked(() -> Optional.ofNullable(sessions.get(key)));
  }

  /// Checks a one-time code and records the second factor in the session.
  ///
  /// @param key the value of the core's session cookie
  /// @param code the code as typed
  /// @return true if it was right
  public boolean confirmSecondFactor(String key, String code) {
    return locked(() -> {
      CoreSession session = sessions.get(key);
      String secret = session == null ? null : session.user().totpSecret();
      if (session == null || secret == null || !Totp.matches(secret, code, clock.instant())) {
        return false;
      }
      sessions.put(key, session.withSecondFactor());
      return true;
    });
  }

  /// Issues a one-time authorization code.
  ///
  /// @param clientId the client it is for
  public String authorize(String clientId, CoreSession session) {
    return locked(() -> tokens.authorize(clientId, session.key()));
  }

  /// Redeems an authorization code once.
  ///
  /// @param clientId the client that redeems
  /// @return the access token, or nothing if the code is unknown, used, expired or another client's
  public Optional<String> redeem(String clientId, String code) {
    return locked(() ->
        tokens
            .redeem(clientId, code)
            .map(sessions::get)
            .map(session -> issue(clientId, session.user(), session)));
  }

  /// Checks credentials of header authentication and issues a token without `sid`.
  ///
  /// @param username the user
  /// @param password the app password
  /// @return the token, or nothing if the pair is wrong
  public Optional<String> clientCredentials(String clientId, String username, String password) {
    return locked(() -> {
      DemoUser user = users.get(username);
      if (user == null || !user.password().equals(password)) {
        return Optional.empty();
      }
      return Optional.of(issue(clientId, user, null));
    });
  }

  /// Introspects an access token.
  ///
  /// @return its claims while it is active
  public Optional<Map<String, Object>> introspect(String token) {
    return locked(() -> tokens.introspect(token));
  }

  private String issue(String clientId, DemoUser user, @Nullable CoreSession session) {
    DemoApplication application =
        applications.stream().filter(a -> a.clientId().equals(clientId)).findFirst().orElseThrow();
    return tokens.issue(application, clientSecret(clientId), user, session);
  }

  /// Ends the session with this `sid`, its tokens included.
  ///
  /// @param sid the `sid` of its tokens
  /// @return how many sessions ended
  public int endSession(String sid) {
    return end(session -> session.sid().equals(sid));
  }

  /// Ends all sessions of a subject.
  ///
  /// @param sub the subject
  /// @return how many sessions ended
  public int endSubject(String sub) {
    return end(session -> session.user().sub().equals(sub));
  }

  /// Deletes a user with all sessions.
  ///
  /// @param username the login name
  /// @return whether there was such a user
  public boolean deleteUser(String username) {
    DemoUser removed = locked(() -> users.remove(username));
    end(session -> session.user().username().equals(username));
    return removed != null;
  }

  private int end(Predicate<CoreSession> which) {
    List<String> ended =
        locked(() -> {
          List<String> sids =
              sessions.values().stream().filter(which).map(CoreSession::sid).toList();
          sessions.values().removeIf(which);
          tokens.revoke(sids);
          return sids;
        });
    ended.forEach(sid -> sessionEndListeners.forEach(listener -> listener.accept(sid)));
    return ended.size();
  }

  private <T extends @Nullable Object> T locked(Supplier<T> action) {
    lock.lock();
    try {
      return action.get();
    } finally {
      lock.unlock();
    }
  }
}
