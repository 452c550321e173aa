package dev.postern.demo.outpost;

import dev.postern.demo.core.Core;
import dev.postern.demo.core.DemoApplication;
import dev.postern.demo.golang.GoUrl;
import dev.postern.demo.http.HttpRequest;
import dev.postern.demo.http.Reply;
import dev.postern.demo.outpost.session.Claims;
import dev.postern.demo.outpost.session.Session;
import java.util.Optional;

/// The forward-auth endpoints: where each finds the forwarded URL and how it responds
/// (docs/design/authentik.md section 1.1).
final class ForwardEndpoints {
  private final Core core;
  private final String outpostName;
  private final LoginFlow login;
  private final HeaderAuthentication authentication;

  ForwardEndpoints(Core core, String outpostName, LoginFlow login) {
    this.core = core;
    this.outpostName = outpostName;
    this.login = login;
    this.authentication = new HeaderAuthentication(core);
  }

  Reply traefik(Check check) {
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
    if (LoginFlow.isSet(forwarded.query(), LoginFlow.CALLBACK_FLAG)) {
      return login.callback(check, forwarded.query());
    }
    if (LoginFlow.isSet(forwarded.query(), LoginFlow.LOGOUT_FLAG)) {
      return login.signOut(check);
    }
    return decide(check, forwarded);
  }

  Reply envoy(Check check) {
    GoUrl url = check.url();
    String rest = url.path().substring((Outpost.PREFIX + "/auth/envoy").length());
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

  Reply nginx(Check check) {
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
    return parsed.get().path().startsWith(Outpost.PREFIX)
        ? check.allow(false)
        : check.error(401, "unauthorized request");
  }

  private void addIdentity(Check check, Claims claims) {
    DemoApplication application = check.provider().application();
    IdentityHeaders.add(check.response(), application, claims, core.url(), outpostName);
    check.response().set("User-Agent", check.request().header("User-Agent"));
  }
}
