package dev.postern.demo.outpost;

import dev.postern.demo.core.Core;
import dev.postern.demo.core.DemoApplication;
import dev.postern.demo.golang.GoUrl;
import dev.postern.demo.http.HttpRequest;
import dev.postern.demo.http.Reply;
import dev.postern.demo.http.WireWriter;
import dev.postern.demo.outpost.session.Claims;
import dev.postern.demo.outpost.session.SessionStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/// The outpost's HTTP surface below `/outpost.goauthentik.io` (docs/design/authentik.md section 1).
public final class Outpost {
  /// The prefix of every path of the outpost.
  public static final String PREFIX = "/outpost.goauthentik.io";

  private final Core core;
  private final Store kind;
  private final SessionStore store;
  private final ForwardEndpoints endpoints;
  private final LoginFlow login;

  /// Replaced as a whole by [#refresh].
  private volatile Providers providers;

  /// Which of authentik's two session stores is imitated.
  public enum Store {
    /// the standalone outpost's files: signed cookies, several strings a session
    FILES,
    /// the embedded outpost's PostgreSQL table: plain session ids
    POSTGRESQL
  }

  /// Details of one request, for the journal.
  ///
  /// @param application the slug, empty if no application was found
  /// @param host the host that was looked up
  /// @param cookie the value of the application's session cookie, empty without one
  /// @param sid the session id of the identity in the response, or empty
  /// @param sub the subject of the identity in the response, or empty
  public record Trace(String application, String host, String cookie, String sid, String sub) {}

  /// A response and its details.
  ///
  /// @param reply the response
  public record Traced(Reply reply, Trace trace) {}

  /// An outpost with the applications that the core has now.
  ///
  /// @param core where identities come from
  /// @param name the outpost's name, `X-authentik-meta-outpost`
  /// @param kind which store to imitate
  /// @param databaseDown whether the database cannot be reached; evaluated for each request
  /// @param signedOut receives the subject of each sign-out
  public Outpost(
      Core core,
      String name,
      Store kind,
      BooleanSupplier databaseDown,
      Consumer<String> signedOut) {
    this.core = core;
    this.kind = kind;
    this.store =
        switch (kind) {
          case FILES -> SessionStore.files(core.clock(), this::optionsOfLastLoaded);
          case POSTGRESQL -> SessionStore.database(core.clock(), databaseDown);
        };
    this.login = new LoginFlow(core, store, signedOut);
    this.endpoints = new ForwardEndpoints(core, name, login);
    this.providers = new Providers(core.applications(), kind == Store.FILES);
  }

  private SessionStore.CookieOptions optionsOfLastLoaded() {
    return providers
        .last()
        .map(Provider::cookieOptions)
        .orElse(new SessionStore.CookieOptions("", false, 0));
  }

  /// Reloads the applications; sessions survive, cached `Authorization` values do not.
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
  public int sessions() {
    return store.size();
  }

  /// Handles a request.
  ///
  /// @param request a request whose path begins with [#PREFIX] or carries a flag
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
      return new Traced(new Reply.Response(204, List.of(), new byte[0]), none);
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
        reply instanceof Reply.Response response && !response.header("X-Authentik-Uid").isEmpty();
    Optional<Claims> claims =
        allowed
            ? Claims.of(((Reply.Response) reply).header("X-Authentik-Jwt"))
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

  /// The path below the outpost's prefix, empty outside of it.
  private static String below(String path) {
    return path.startsWith(PREFIX) ? path.substring(PREFIX.length()) : "";
  }

  private Reply route(Check check) {
    String path = check.url().path();
    boolean forward = check.provider().application().mode() != DemoApplication.Mode.PROXY;
    boolean envoy = forward && path.startsWith(PREFIX + "/auth/envoy");
    String route = envoy ? "/auth/envoy" : below(path);
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
    if (LoginFlow.isSet(query, LoginFlow.CALLBACK_FLAG)) {
      return login.callback(check, query);
    }
    if (LoginFlow.isSet(query, LoginFlow.LOGOUT_FLAG)) {
      return login.signOut(check);
    }
    return switch (route) {
      case "/start" -> login.startPath(check);
      case "/callback" -> login.callback(check, query);
      case "/sign_out" -> login.signOut(check);
      case "/auth/nginx" -> endpoints.nginx(check);
      case "/auth/envoy" -> endpoints.envoy(check);
      default -> endpoints.traefik(check);
    };
  }
}
