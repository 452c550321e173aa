package dev.postern.demo.outpost;

import dev.postern.demo.core.DemoApplication;
import dev.postern.demo.golang.GoHeaders;
import dev.postern.demo.golang.GoQuery;
import dev.postern.demo.outpost.session.Claims;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The headers of a 200 with an identity (docs/design/authentik.md section 1.3).
final class IdentityHeaders {
  static final String VERSION = "goauthentik.io/outpost/2026.2.2";

  private IdentityHeaders() {}

  /// The outpost's handler crashes here for some users; its connection ends without a response.
  static final class HandlerCrash extends RuntimeException {
    private static final long serialVersionUID = 1L;

    HandlerCrash() {
      super("additionalHeaders is not an object", null, false, false);
    }
  }

  static void add(
      GoHeaders headers, DemoApplication application, Claims claims, String coreUrl, String name) {
    set(headers, "X-authentik-username", claims.text("preferred_username"));
    set(headers, "X-authentik-groups", claims.joined("groups"));
    set(headers, "X-authentik-entitlements", claims.joined("entitlements"));
    set(headers, "X-authentik-email", claims.text("email"));
    set(headers, "X-authentik-name", claims.text("name"));
    set(headers, "X-authentik-uid", claims.text("sub"));
    set(headers, "X-authentik-jwt", claims.token());
    String jwks = coreUrl + "/application/o/" + application.slug() + "/jwks/";
    set(headers, "X-authentik-meta-jwks", jwks);
    set(headers, "X-authentik-meta-outpost", name);
    set(headers, "X-authentik-meta-provider", application.name());
    set(headers, "X-authentik-meta-app", application.slug());
    set(headers, "X-authentik-meta-version", VERSION);
    basicAuthorization(headers, application.basicAuth(), claims);
    additionalHeaders(headers, claims.attribute("additionalHeaders"));
    headers.names().stream().filter(n -> n.indexOf('_') >= 0).forEach(headers::remove);
  }

  private static void basicAuthorization(
      GoHeaders headers, DemoApplication.BasicAuth basic, Claims claims) {
    if (!basic.enabled()
        || !(claims.attribute(basic.passwordAttribute()) instanceof String password)
        || password.isEmpty()) {
      return;
    }
    Object attribute = claims.attribute(basic.userAttribute());
    String user = attribute instanceof String text ? text : claims.text("email");
    byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
    headers.set("Authorization", "Basic " + Base64.getEncoder().encodeToString(pair));
  }

  private static void additionalHeaders(GoHeaders headers, @Nullable Object attribute) {
    if (attribute == null) {
      return;
    }
    if (!(attribute instanceof Map<?, ?> additional)) {
      throw new HandlerCrash();
    }
    additional.forEach(
        (key, value) -> set(headers, String.valueOf(key), value instanceof String s ? s : ""));
  }

  private static void set(GoHeaders headers, String name, String text) {
    headers.set(name, GoQuery.bytes(text));
  }
}
