package dev.postern.testing.upstream;

import dev.postern.testing.Field;
import dev.postern.testing.RawMessage;
import dev.postern.testing.RawServer;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// An outpost with scripted sessions that records every request byte for byte. It implements
/// docs/design/authentik.md sections 1.3, 1.4 and 4.1 as far as tests need it.
public final class RecordingUpstream implements AutoCloseable {
  /// The path of the forward-auth endpoint.
  public static final String AUTH = "/outpost.goauthentik.io/auth/traefik";

  private static final String OUTPOST = "/outpost.goauthentik.io";
  private static final String CALLBACK = "X-authentik-auth-callback";
  private static final String LOGOUT = "X-authentik-logout";

  private record Session(String host, String cookie) {}

  private final Map<Session, Identity> sessions = new ConcurrentHashMap<>();
  private final Map<String, Boolean> openHosts = new ConcurrentHashMap<>();
  private final List<RawMessage> requests = new CopyOnWriteArrayList<>();
  private final List<Gate> gates = new CopyOnWriteArrayList<>();
  private final AtomicInteger challenges = new AtomicInteger();
  private final AtomicReference<@Nullable Identity> nextLogin = new AtomicReference<>();
  private volatile Fault fault = Fault.NONE;
  private volatile CountDownLatch faultEnds = new CountDownLatch(0);
  private final RawServer server = RawServer.start(this::answer);

  /// {@return scheme, host and port}
  public URI url() {
    return server.url();
  }

  /// {@return the underlying server, to refuse or count connections}
  public RawServer server() {
    return server;
  }

  /// Creates a session: the cookie identifies the user at a host.
  ///
  /// @param host the exact host
  /// @param cookie `authentik_proxy_…=value`
  /// @param identity the user
  public void signIn(String host, String cookie, Identity identity) {
    sessions.put(new Session(host, cookie), identity);
  }

  /// Ends one session without a notification.
  ///
  /// @param host the exact host
  /// @param cookie `authentik_proxy_…=value`
  public void end(String host, String cookie) {
    sessions.remove(new Session(host, cookie));
  }

  /// Makes every path of a host open: a bare 200 where no session is known.
  ///
  /// @param host the exact host
  public void open(String host) {
    openHosts.put(host, true);
  }

  /// Sets the user who signs in with the next callback.
  ///
  /// @param identity the user
  public void nextLogin(Identity identity) {
    nextLogin.set(identity);
  }

  /// Holds the responses to the selected checks.
  ///
  /// @param selection which checks
  /// @return the closed gate
  public Gate hold(Predicate<Check> selection) {
    Gate gate = new Gate(selection);
    gates.add(gate);
    return gate;
  }

  /// Sets the fault of responses to checks; [Fault#NONE] ends it.
  public void fail(Fault fault) {
    CountDownLatch before = faultEnds;
    faultEnds = new CountDownLatch(1);
    this.fault = fault;
    before.countDown();
  }

  /// {@return every request so far}
  public List<RawMessage> requests() {
    return List.copyOf(requests);
  }

  /// {@return the checks so far: requests to the forward-auth endpoint}
  public List<Check> checks() {
    return requests.stream().filter(r -> r.path().equals(AUTH)).map(Check::new).toList();
  }

  /// The number of checks of one session.
  ///
  /// @param host the exact host
  /// @param cookie `authentik_proxy_…=value`
  /// @return how many so far
  public long checks(String host, String cookie) {
    return checks().stream()
        .filter(c -> c.host().equals(host) && c.cookies().equals(List.of(cookie)))
        .count();
  }

  private void answer(RawMessage request, RawServer.Connection connection) throws IOException {
    requests.add(request);
    Check check = new Check(request);
    if (request.path().equals(AUTH)) {
      gates.forEach(gate -> gate.pass(check));
      writeCheck(check, connection);
    } else {
      connection.write(outpostAnswer(check));
    }
  }

  private void writeCheck(Check check, RawServer.Connection connection) throws IOException {
    switch (fault) {
      case NONE -> connection.write(verdict(check));
      case CLOSE_BEFORE_ANSWER -> connection.close();
      case HANG -> {
        awaitFaultEnd();
        connection.close();
      }
      case TRUNCATED_BODY -> {
        connection.write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n0123456789");
        connection.close();
      }
      case WRONG_LENGTH -> {
        connection.write("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\n0123456789");
        connection.close();
      }
      case GARBAGE -> {
        connection.write("\u0000\u0001 this is not HTTP\r\n\r\n");
        connection.close();
      }
      case UNAVAILABLE ->
          connection.write(
              "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nContent-Length: 0\r\n\r\n");
      case SLOW -> {
        for (String piece : verdict(check).split("(?<=\n)", -1)) {
          connection.write(piece);
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
      }
    }
  }

  private void awaitFaultEnd() {
    try {
      if (!faultEnds.await(60, TimeUnit.SECONDS)) {
        throw new IllegalStateException("the fault never ended");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String verdict(Check check) {
    if (check.hasFlag(CALLBACK)) {
      return callback(check);
    }
    if (check.hasFlag(LOGOUT)) {
      return signOut(check);
    }
    Identity identity = identity(check);
    if (identity != null) {
      return Answers.ok(identity.fields(check.request().first("User-Agent")));
    }
    return openHosts.containsKey(check.host())
        ? Answers.ok(List.of(new Field("X-Powered-By", "authentik_proxy2")))
        : challenge(check);
  }

  private String outpostAnswer(Check check) {
    String path = check.request().path();
    return switch (path) {
      case OUTPOST + "/start" -> challenge(check);
      case OUTPOST + "/callback" -> callback(check);
      case OUTPOST + "/sign_out" -> signOut(check);
      case OUTPOST + "/ping" -> Answers.empty("204 No Content");
      default ->
          path.startsWith(OUTPOST + "/static/")
              ? Answers.page("200 OK", "/* " + check.request().target() + " */")
              : Answers.page("404 Not Found", "404 page not found\n");
    };
  }

  private @Nullable Identity identity(Check check) {
    return check.cookies().stream()
        .map(cookie -> sessions.get(new Session(check.host(), cookie)))
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  private String challenge(Check check) {
    int number = challenges.incrementAndGet();
    return Answers.challenge(check.host(), "state-" + number, cookieFor(check, number));
  }

  private static @Nullable String cookieFor(Check check, int number) {
    return check.cookies().isEmpty() ? "authentik_proxy_51a54282=fresh-" + number : null;
  }

  private String callback(Check check) {
    Identity identity = nextLogin.get();
    if (check.cookies().isEmpty() || identity == null) {
      return Answers.empty("400 Bad Request");
    }
    String cookie = check.cookies().getFirst();
    signIn(check.host(), cookie, identity);
    return Answers.redirect("https://" + check.host() + "/", cookie);
  }

  private String signOut(Check check) {
    Identity identity = identity(check);
    if (identity == null) {
      int number = challenges.incrementAndGet();
      return Answers.redirect(
          "https://" + check.host() + OUTPOST + "/start?rd=x", cookieFor(check, number));
    }
    sessions.values().removeIf(other -> other.sub().equals(identity.sub()));
    return Answers.redirect(
        "http://authentik.test/application/o/app/end-session/?id_token_hint=" + identity.token(),
        null);
  }

  @Override
  public void close() {
    fail(Fault.NONE);
    gates.forEach(Gate::close);
    server.close();
  }
}
