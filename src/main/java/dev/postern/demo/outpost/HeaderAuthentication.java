package dev.postern.demo.outpost;

import dev.postern.demo.core.Core;
import dev.postern.demo.golang.GoQuery;
import dev.postern.demo.outpost.session.Claims;
import dev.postern.demo.outpost.session.Session;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;

/// Identifies the user of a request: session, cache of `Authorization` values, Bearer, Basic
/// (docs/design/authentik.md section 1.2).
final class HeaderAuthentication {
  private static final String TOKEN_USER = "goauthentik.io/token";

  private final Core core;

  HeaderAuthentication(Core core) {
    this.core = core;
  }

  Optional<Claims> identify(Check check) {
    Optional<Claims> inSession = check.usableSession().map(Session::claims);
    if (inSession.isPresent()) {
      return inSession;
    }
    String authorization = check.request().header("Authorization");
    Instant now = core.clock().instant();
    Optional<Claims> cached = check.provider().cached(authorization, now);
    if (cached.isPresent()) {
      return cached;
    }
    Optional<Claims> fresh = askCore(check.provider(), authorization);
    if (fresh.isEmpty()) {
      return fresh;
    }
    check.session().claims(fresh.get());
    if (!check.save()) {
      return Optional.empty();
    }
    check.provider().cache(authorization, fresh.get(), now);
    return fresh;
  }

  private Optional<Claims> askCore(Provider provider, String authorization) {
    if (hasScheme(authorization, "Bearer ")) {
      return bearer(authorization.substring("Bearer ".length()));
    }
    if (!hasScheme(authorization, "Basic ")) {
      return Optional.empty();
    }
    String pair;
    try {
      byte[] decoded = Base64.getDecoder().decode(authorization.substring("Basic ".length()));
      pair = new String(decoded, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    int colon = pair.indexOf(':');
    if (colon < 0) {
      return Optional.empty();
    }
    String user = pair.substring(0, colon);
    String password = pair.substring(colon + 1);
    if (user.equals(TOKEN_USER)) {
      Optional<Claims> byToken = bearer(password);
      if (byToken.isPresent()) {
        return byToken;
      }
    }
    String clientId = provider.application().clientId();
    return core.clientCredentials(clientId, user, password).flatMap(Claims::of);
  }

  private Optional<Claims> bearer(String token) {
    return core.introspect(GoQuery.text(token)).map(values -> new Claims(token, values));
  }

  private static boolean hasScheme(String authorization, String scheme) {
    return authorization.regionMatches(true, 0, scheme, 0, scheme.length());
  }
}
