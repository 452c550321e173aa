package dev.postern.demo.outpost;

import dev.postern.demo.core.Core;
import dev.postern.demo.core.DemoApplication;
import dev.postern.demo.core.Jwt;
import dev.postern.demo.golang.GoQuery;
import dev.postern.demo.golang.GoRedirect;
import dev.postern.demo.golang.GoUrl;
import dev.postern.demo.http.Header;
import dev.postern.demo.http.Reply;
import dev.postern.demo.outpost.session.Claims;
import dev.postern.demo.outpost.session.Session;
import dev.postern.demo.outpost.session.SessionStore;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.databind.json.JsonMapper;

/// Login start, callback and sign-out (docs/design/authentik.md section 1.4).
final class LoginFlow {
  static final String CALLBACK_FLAG = "X-authentik-auth-callback";
  static final String LOGOUT_FLAG = "X-authentik-logout";
  private static final String PREFIX = "/outpost.goauthentik.io";
  private static final JsonMapper JSON = new JsonMapper();

  private final Core core;
  private final SessionStore store;
  private final SecureRandom random = new SecureRandom();
  private final Consumer<String> signedOut;

  LoginFlow(Core core, SessionStore store, Consumer<String> signedOut) {
    this.core = core;
    this.store = store;
    this.signedOut = signedOut;
  }

  /// Whether a query carries one of the two flags.
  static boolean isSet(String query, String flag) {
    return GoQuery.get(query, flag).equalsIgnoreCase("true");
  }

  private record State(String session, String redirect) {}

  /// Sends the client to the login page.
  ///
  /// @param redirect the target after the login, as a byte string; empty for the external host
  Reply start(Check check, String redirect) {
    Session session = check.usableSession().orElseGet(check::session);
    if (session.id().isEmpty()) {
      session.id(SessionStore.newId(random));
      if (!check.save()) {
        return check.empty(400);
      }
    }
    DemoApplication application = check.provider().application();
    byte[] nonce = new byte[32];
    random.nextBytes(nonce);
    Map<String, Object> state = new LinkedHashMap<>();
    state.put("iss", issuer(application));
    state.put("sid", session.id());
    state.put("state", Base64.getUrlEncoder().withoutPadding().encodeToString(nonce));
    state.put("redirect", GoQuery.text(redirect));
    String token = Jwt.signJson(escapedJson(state), cookieSecret(application));
    return check.redirect(
        core.url()
            + "/application/o/authorize/?client_id="
            + GoQuery.escape(application.clientId())
            + "&redirect_uri="
            + GoQuery.escape(redirectUri(application))
            + "&response_type=code&scope=openid+profile+email+entitlements+ak_proxy&state="
            + token);
  }

  /// JSON with the three characters escaped that Go's encoder escapes.
  private static String escapedJson(Map<String, Object> values) {
    return JSON.writeValueAsString(values)
        .replace("&", "\\u0026")
        .replace("<", "\\u003c")
        .replace(">", "\\u003e");
  }

  private static String issuer(DemoApplication application) {
    return "goauthentik.io/outpost/" + application.clientId();
  }

  private static String redirectUri(DemoApplication application) {
    return application.externalHost() + PREFIX + "/callback?" + CALLBACK_FLAG + "=true";
  }

  private String cookieSecret(DemoApplication application) {
    return core.clientSecret("cookie of " + application.clientId());
  }

  /// `/start` with the `rd` parameter.
  Reply startPath(Check check) {
    String target = GoQuery.get(check.url().query(), "rd");
    return start(check, allowedTarget(check.provider().application(), target).orElse(""));
  }

  private static Optional<String> allowedTarget(DemoApplication application, String target) {
    Optional<GoUrl> parsed = target.isEmpty() ? Optional.empty() : GoUrl.parse(target);
    if (parsed.isEmpty()) {
      return Optional.empty();
    }
    GoUrl url = parsed.get();
    if (application.mode() == DemoApplication.Mode.FORWARD_DOMAIN) {
      return url.hostname().endsWith(application.cookieDomain())
          ? Optional.of(url.toString())
          : Optional.empty();
    }
    GoUrl external = GoUrl.parse(application.externalHost()).orElseThrow();
    if (url.host().isEmpty()) {
      return Optional.of(external.scheme() + "://" + external.host() + url);
    }
    return url.host().equals(external.host()) ? Optional.of(url.toString()) : Optional.empty();
  }

  /// The callback of a login.
  ///
  /// @param query the query with code and state: the request's own or the forwarded one
  Reply callback(Check check, String query) {
    Optional<State> state = validState(check, query);
    if (state.isEmpty()) {
      return afterCallback(check, query);
    }
    String clientId = check.provider().application().clientId();
    Optional<Claims> claims = core.redeem(clientId, GoQuery.get(query, "code")).flatMap(Claims::of);
    if (claims.isEmpty()) {
      return afterCallback(check, query);
    }
    Session session = check.session();
    long millis = claims.get().expires() * 1000 - core.clock().millis();
    session.maxAge(Math.toIntExact(millis / 1000));
    session.claims(claims.get());
    return check.save() ? afterCallback(check, query) : check.empty(400);
  }

  private Reply afterCallback(Check check, String query) {
    Optional<State> state = validState(check, query);
    if (state.isEmpty()) {
      return check.empty(400);
    }
    String redirect = state.get().redirect();
    return check.redirect(
        redirect.isEmpty() ? check.provider().application().externalHost() : redirect);
  }

  private Optional<State> validState(Check check, String query) {
    DemoApplication application = check.provider().application();
    Optional<Map<String, Object>> claims =
        Jwt.verify(GoQuery.get(query, "state"), cookieSecret(application))
            .filter(values -> issuer(application).equals(values.get("iss")));
    if (claims.isEmpty()) {
      return Optional.empty();
    }
    return check
        .usableSession()
        .filter(session -> session.id().equals(claims.get().get("sid")))
        .map(session -> new State(session.id(), String.valueOf(claims.get().get("redirect"))))
        .map(state -> new State(state.session(), GoQuery.bytes(state.redirect())));
  }

  /// Ends all sessions of the client's user, or starts a login if there is none.
  Reply signOut(Check check) {
    Optional<Claims> claims = check.usableSession().map(Session::claims);
    if (claims.isEmpty()) {
      return redirectToStart(check);
    }
    String sub = claims.get().text("sub");
    store.removeIf(other -> other.text("sub").equals(sub));
    signedOut.accept(sub);
    String slug = check.provider().application().slug();
    String hint = GoQuery.escape(claims.get().token());
    return check.redirect(
        core.url() + "/application/o/" + slug + "/end-session/?id_token_hint=" + hint);
  }

  private static Reply redirectToStart(Check check) {
    DemoApplication application = check.provider().application();
    String external = application.externalHost();
    String target = check.provider().isDomain() ? external : external + check.url().escapedPath();
    String location = external + PREFIX + "/start?rd=" + GoQuery.escape(target);
    boolean intercept =
        application.interceptHeaderAuth() && !check.request().header("Authorization").isEmpty();
    Session session = check.session();
    if (!session.redirectSet()) {
      session.redirectSet(true);
      check.save();
    }
    return intercept ? intercepted(check, location) : check.redirect(location);
  }

  /// The error page. The outpost then still writes the redirect's body after it; headers that are
  /// set after the page was started, the session's cookie among them, are lost.
  private static Reply intercepted(Check check, String location) {
    ByteArrayOutputStream body = new ByteArrayOutputStream(4200);
    body.writeBytes(Pages.INTERCEPTED.getBytes(StandardCharsets.UTF_8));
    if (check.request().method().equals("GET")) {
      body.writeBytes(GoRedirect.body(location));
    }
    List<Header> headers = List.of(new Header("Content-Type", "text/html; charset=utf-8"));
    return new Reply.Response(401, headers, body.toByteArray(), Reply.Framing.CHUNKED);
  }
}
