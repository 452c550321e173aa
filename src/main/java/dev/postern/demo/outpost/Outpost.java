package dev.postern.demo.outpost;

import dev.postern.demo.core.Core;
import dev.postern.demo.core.DemoApplication;
import dev.postern.demo.golang.GoQuery;
import dev.postern.demo.golang.GoUrl;
import dev.postern.demo.http.HttpRequest;
import dev.postern.demo.http.Reply;
import dev.postern.demo.http.WireWriter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/// The outpost's HTTP surface below `/outpost.goauthentik.io` (contract 1).
public final class Outpost {
  /// What every path of the outpost begins with.
  public static final String PREFIX = "/outpost.goauthentik.io";

  private final Core core;
  private final String name;
  private final Store kind;
  private final SessionStore store;
  private final HeaderAuthentication authentication;
  private final LoginFlow login;

  /// Replaced as a whole by [#refresh].
  private volatile Providers providers;

  /// Which of authentik's two stores is copied.
  public enum Store {
    /// the standalone outpost's files: signed cookies, several strings a session
    FILES,
    /// the embedded outpost's PostgreSQL table: plain session ids
    POSTGRESQL
  }

  /// What one request was about, for the journal.
  ///
  /// @param application the slug, empty if no application was found
  /// @param host the host that was looked up
  /// @param cookie the value of the application's session cookie, empty without one
  /// @param sid the session id of the identity that answered, or empty
  /// @param sub the subject of the identity that answered, or empty
  public record Trace(String application, String host, String cookie, String sid, String sub) {}

  /// An answer and what it was about.
  ///
  /// @param reply the answer
  /// @param trace what it was about
  public record Traced(Reply reply, Trace trace) {}

  /// An outpost with the applications that the core has now.
  ///
  /// @param core where identities come from
  /// @param name the outpost's name, `X-authentik-meta-outpost`
  /// @param kind which store to copy
  /// @param databaseDown whether the database cannot be reached; looked at for each request
  /// @param signedOut receives the subject of each sign-out
  public Outpost(
      Core core,
      String name,
      Store kind,
      BooleanSupplier databaseDown,
      Consumer<String> signedOut) {
    this.core = core;
    this.name = name;
    this.kind = kind;
    this.store =
        switch (kind) {
          case FILES -> new FileSessions(core.clock(), this::optionsOfLastLoaded);
          case POSTGRESQL -> new DatabaseSessions(core.clock(), databaseDown);
        };
    this.authentication = new HeaderAuthentication(core);
    this.login = new LoginFlow(core, store, signedOut);
    this.providers = new Providers(core.applications(), kind == Store.FILES);
  }

  private SessionStore.CookieOptions optionsOfLastLoaded() {
    return providers
        .last()
        .map(Provider::cookieOptions)
        .orElse(new SessionStore.CookieOptions("", false, 0));
  }

  /// Loads the applications anew; sessions survive, cached `Authorization` values do not.
  public void refresh() {
    providers = new Providers(core.applications(), kind == Store.FILES);
  }

  /// Ends all sessions with this `sid`.
  ///
  /// @param sid the `sid` claim; an empty one ends all sessions without it
  /// @return how many records were removed
  public int endSession(String sid) {
    return store.removeIf(claims -> claims.text("sid").equals(sid));
  }

  /// Removes the record behind a session cookie, as if its file were gone.
  ///
  /// @param cookie the cookie's value
  public void loseSession(String cookie) {
    store.remove(cookie);
  }

  /// How many session records there are, those without login included.
  ///
  /// @return the number
  public int sessions() {
    return store.size();
  }

  /// Answers a request.
  ///
  /// @param request a request whose path begins with [#PREFIX] or carries a flag
  /// @return the answer
  public Traced handle(HttpRequest request) {
    String forwardedHost = request.header("X-Forwarded-Host");
    String host = forwardedHost.isEmpty() ? request.header("Host") : forwardedHost;
    Optional<GoUrl> url = GoUrl.parse(request.target());
    Trace none = new Trace("", host, "", "", "");
    if (url.isEmpty()) {
      return new Traced(closing(WireWriter.refusal(400)), none);
    }
    String path = url.get().path();
    if (path.startsWith(PREFIX + "/ping")) {
      return new Traced(new Reply.Answer(204, List.of(), new byte[0]), none);
    }
    if (path.startsWith(PREFIX + "/static")) {
      return new Traced(Pages.staticFile(path), none);
    }
    Optional<Provider> provider = providers.find(host);
    if (provider.isEmpty()) {
      Reply reply = kind == Store.FILES ? Pages.noApplication(host) : Pages.coreNotFound();
      return new Traced(reply, none);
    }
    Check check = new Check(request, url.get(), provider.get(), store);
    Reply reply;
    try {
      reply = route(check);
    } catch (IdentityHeaders.HandlerCrash e) {
      reply = closing(new byte[0]);
    }
    return new Traced(reply, trace(check, host, reply));
  }

  private static Trace trace(Check check, String host, Reply reply) {
    String slug = check.provider().application().slug();
    String cookie = check.cookie().orElse("");
    boolean allowed =
        reply instanceof Reply.Answer answer && !answer.header("X-Authentik-Uid").isEmpty();
    Optional<Claims> claims =
        allowed
            ? Claims.of(((Reply.Answer) reply).header("X-Authentik-Jwt"))
            : Optional.ofNullable(check.session().claims());
    return new Trace(
        slug,
        host,
        cookie,
        claims.map(c -> c.text("sid")).orElse(""),
        claims.map(c -> c.text("sub")).orElse(""));
  }

  private static Reply closing(byte[] bytes) {
    return new Reply.Raw(bytes, Duration.ZERO, Reply.Ending.CLOSE);
  }

  private Reply route(Check check) {
    String path = check.url().path();
    boolean forward = check.provider().application().mode() != DemoApplication.Mode.PROXY;
    boolean envoy = forward && path.startsWith(PREFIX + "/auth/envoy");
    String route = envoy ? "/auth/envoy" : path.substring(Math.min(PREFIX.length(), path.length()));
    boolean known =
        switch (route) {
          case "/start", "/callback", "/sign_out" -> true;
          case "/auth/traefik", "/auth/caddy", "/auth/nginx", "/auth/envoy" -> forward;
          default -> false;
        };
    if (!known) {
      return check.error(404, "404 page not found");
    }
    String query = check.url().query();
    if (flag(query, LoginFlow.CALLBACK_FLAG)) {
      return login.callback(check, query);
    }
    if (flag(query, LoginFlow.LOGOUT_FLAG)) {
      return login.signOut(check);
    }
    return switch (route) {
      case "/start" -> login.startPath(check);
      case "/callback" -> login.callback(check, query);
      case "/sign_out" -> login.signOut(check);
      case "/auth/nginx" -> nginx(check);
      case "/auth/envoy" -> envoy(check);
      default -> traefik(check);
    };
  }

  private static boolean flag(String query, String name) {
    return GoQuery.get(query, name).equalsIgnoreCase("true");
  }

  private Reply traefik(Check check) {
    HttpRequest request = check.request();
    Optional<GoUrl> parsed =
        GoUrl.parse(
            request.header("X-Forwarded-Proto")
                + "://"
                + request.header("X-Forwarded-Host")
                + request.header("X-Forwarded-Uri"));
    if (parsed.isEmpty()) {
      return check.error(500, "configuration error");
    }
    GoUrl forwarded = parsed.get();
    if (flag(forwarded.query(), LoginFlow.CALLBACK_FLAG)) {
      return login.callback(check, forwarded.query());
    }
    if (flag(forwarded.query(), LoginFlow.LOGOUT_FLAG)) {
      return login.signOut(check);
    }
    return decide(check, forwarded);
  }

  private Reply envoy(Check check) {
    GoUrl url = check.url();
    String rest = url.path().substring((PREFIX + "/auth/envoy").length());
    String host = check.request().header("Host");
    GoUrl forwarded = new GoUrl("", "", "", host, rest, "", url.query(), false, "");
    return decide(check, forwarded);
  }

  private Reply decide(Check check, GoUrl forwarded) {
    Optional<Claims> claims = authentication.identify(check);
    if (claims.isPresent()) {
      addIdentity(check, claims.get());
      return check.allow(false);
    }
    if (check.provider().isOpen(forwarded)) {
      return check.allow(false);
    }
    return login.start(check, forwarded.toString());
  }

  private Reply nginx(Check check) {
    HttpRequest request = check.request();
    String asPath = request.header("X-Original-URI");
    String asUrl = request.header("X-Original-URL");
    Optional<GoUrl> parsed = asUrl.isEmpty() ? Optional.empty() : GoUrl.parse(asUrl);
    if (!asPath.isEmpty()) {
      parsed = Optional.of(new GoUrl("", "", "", "", asPath, "", "", false, ""));
    }
    if (parsed.isEmpty()) {
      return check.error(500, "configuration error");
    }
    Optional<Claims> claims = authentication.identify(check);
    if (claims.isPresent()) {
      addIdentity(check, claims.get());
      return check.allow(true);
    }
    if (check.provider().isOpen(parsed.get())) {
      return check.allow(false);
    }
    Session session = check.session();
    if (!session.redirectSet()) {
      session.redirectSet(true);
      check.save();
    }
    return parsed.get().path().startsWith(PREFIX)
        ? check.allow(false)
        : check.error(401, "unauthorized request");
  }

  private void addIdentity(Check check, Claims claims) {
    DemoApplication application = check.provider().application();
    IdentityHeaders.add(check.answer(), application, claims, core.url(), name);
    check.answer().set("User-Agent", check.request().header("User-Agent"));
  }
}
