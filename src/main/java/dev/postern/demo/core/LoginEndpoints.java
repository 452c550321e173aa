package dev.postern.demo.core;

import dev.postern.demo.golang.GoCookies;
import dev.postern.demo.golang.GoQuery;
import dev.postern.demo.http.Header;
import dev.postern.demo.http.Headers;
import dev.postern.demo.http.HttpRequest;
import dev.postern.demo.http.Reply;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// The core's browser-facing endpoints: authorize with implicit consent, login, one-time code, end
/// of session.
public final class LoginEndpoints {
  private static final String COOKIE = "authentik_session";
  private static final String HTML = "text/html; charset=utf-8";
  private static final String CALLBACK =
      "/outpost.goauthentik.io/callback?X-authentik-auth-callback=true";

  private final Core core;
  private final List<DemoUser> shownUsers;

  /// The endpoints of a core.
  ///
  /// @param shownUsers users whose passwords and one-time codes the pages show, for demonstrations
  public LoginEndpoints(Core core, List<DemoUser> shownUsers) {
    this.core = core;
    this.shownUsers = List.copyOf(shownUsers);
  }

  /// Whether a path belongs to these endpoints.
  ///
  /// @param path a raw path
  public static boolean serves(String path) {
    return path.startsWith("/application/o/") || path.startsWith("/if/flow/");
  }

  /// Handles a request.
  public Reply handle(HttpRequest request) {
    String path = request.path();
    boolean post = request.method().equals("POST");
    if (path.equals("/application/o/authorize/")) {
      return authorize(request, request.query(), "", "");
    }
    if (path.equals("/if/flow/login/") && post) {
      return login(request);
    }
    if (path.equals("/if/flow/totp/") && post) {
      return secondFactor(request);
    }
    if (path.endsWith("/end-session/")) {
      return endSession(request);
    }
    if (path.endsWith("/jwks/")) {
      return Reply.Response.text(200, "application/json", "{\"keys\":[]}");
    }
    return page(404, "Not found", "There is no such page.");
  }

  private static Reply page(int status, String title, String text) {
    return Reply.Response.text(status, HTML, LoginPages.message(title, text, ""));
  }

  /// @param username what the login form shows as user name
  private Reply authorize(HttpRequest request, String query, String username, String error) {
    Optional<DemoApplication> client = core.client(GoQuery.get(query, "client_id"));
    if (client.isEmpty()) {
      return page(400, "Unknown client", "No application has this client id.");
    }
    DemoApplication application = client.get();
    String target = GoQuery.get(query, "redirect_uri");
    if (!target.equals(application.externalHost() + CALLBACK)) {
      return page(400, "Redirect refused", "The redirect URI is not the application's.");
    }
    Optional<CoreSession> session = session(request);
    if (session.isEmpty()) {
      String html = LoginPages.password(application.slug(), query, username, error, passwordHint());
      return Reply.Response.text(200, HTML, html);
    }
    if (application.secondFactor() && !session.get().secondFactor()) {
      return askSecondFactor(application, session.get(), query, error);
    }
    String code = core.authorize(application.clientId(), session.get());
    String state = GoQuery.escape(GoQuery.get(query, "state"));
    return Reply.Response.redirect(target + "&code=" + GoQuery.escape(code) + "&state=" + state);
  }

  private Reply askSecondFactor(
      DemoApplication application, CoreSession session, String query, String error) {
    String secret = session.user().totpSecret();
    if (secret == null) {
      return page(403, "No second factor", "This account has no authenticator.");
    }
    String hint =
        shownUsers.contains(session.user())
            ? "This is a demo: your authenticator would show <code>"
                + Totp.code(secret, core.clock().instant())
                + "</code> now (secret <code>"
                + secret
                + "</code>)."
            : "";
    String html = LoginPages.secondFactor(application.slug(), query, error, hint);
    return Reply.Response.text(200, HTML, html);
  }

  private String passwordHint() {
    return shownUsers.isEmpty()
        ? ""
        : shownUsers.stream()
            .map(u -> "<code>" + u.username() + "</code> / <code>" + u.password() + "</code>")
            .collect(Collectors.joining("<br>", "This is a demo. Sign in as<br>", ""));
  }

  private Optional<CoreSession> session(HttpRequest request) {
    return GoCookies.find(Headers.all(request.headers(), "Cookie"), COOKIE).flatMap(core::session);
  }

  private Reply login(HttpRequest request) {
    String form = form(request);
    String query = GoQuery.get(form, "query");
    String username = GoQuery.text(GoQuery.get(form, "username"));
    String password = GoQuery.text(GoQuery.get(form, "password"));
    Optional<CoreSession> session = core.login(username, password);
    if (session.isEmpty()) {
      return authorize(
          withoutCookies(request), query, username, "That user name and password do not match.");
    }
    return back(query, cookie(session.get().key()));
  }

  private static HttpRequest withoutCookies(HttpRequest request) {
    return request.withHeaders(
        request.headers().stream().filter(header -> !header.is("Cookie")).toList());
  }

  private Reply secondFactor(HttpRequest request) {
    String form = form(request);
    String query = GoQuery.get(form, "query");
    Optional<CoreSession> session = session(request);
    boolean right =
        session.isPresent()
            && core.confirmSecondFactor(session.get().key(), GoQuery.get(form, "code"));
    return right ? back(query) : authorize(request, query, "", "That code is not valid now.");
  }

  private static String form(HttpRequest request) {
    return new String(request.body(), StandardCharsets.ISO_8859_1);
  }

  private static Reply back(String query, Header... more) {
    Reply.Response found = Reply.Response.redirect("/application/o/authorize/?" + query, more);
    return new Reply.Response(303, found.headers(), found.body());
  }

  private static Header cookie(String key) {
    String attributes = "; Path=/; HttpOnly; SameSite=Lax";
    return new Header(
        "Set-Cookie", COOKIE + "=" + key + attributes + (key.isEmpty() ? "; Max-Age=0" : ""));
  }

  private Reply endSession(HttpRequest request) {
    String hint = GoQuery.get(request.query(), "id_token_hint");
    String slug = request.path().split("/", -1)[3];
    Optional<DemoApplication> application =
        core.applications().stream().filter(a -> a.slug().equals(slug)).findFirst();
    session(request).ifPresent(session -> core.endSession(session.sid()));
    application
        .flatMap(a -> Jwt.verify(hint, core.clientSecret(a.clientId())))
        .map(claims -> sid(claims))
        .filter(sid -> !sid.isEmpty())
        .ifPresent(core::endSession);
    String link = application.map(DemoApplication::externalHost).orElse("");
    String html = LoginPages.message("Signed out", "You are signed out everywhere.", link);
    Reply.Response response = Reply.Response.text(200, HTML, html);
    List<Header> headers = new ArrayList<>(response.headers());
    headers.add(cookie(""));
    return new Reply.Response(200, headers, response.body());
  }

  private static String sid(Map<String, Object> claims) {
    return claims.get("sid") instanceof String sid ? sid : "";
  }
}
