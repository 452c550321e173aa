package dev.postern.demo.core;

import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Authorization codes and access tokens; not safe for concurrent use, [Core] holds the lock.
final class Tokens {
  private static final int PRUNE_ABOVE = 100_000;
  private static final long CODE_SECONDS = 60;

  private final String coreUrl;
  private final Clock clock;
  private final Supplier<String> randomText;
  private final Map<String, Grant> codes = new HashMap<>();
  private final Map<String, Grant> tokens = new HashMap<>();

  /// The data behind a code or a token.
  ///
  /// @param clientId the client it is for
  /// @param session the key of the session for a code, the `sid` for a token
  /// @param expires when it ends
  private record Grant(String clientId, String session, Instant expires) {}

  Tokens(String coreUrl, Clock clock, Supplier<String> randomText) {
    this.coreUrl = coreUrl;
    this.clock = clock;
    this.randomText = randomText;
  }

  String authorize(String clientId, String sessionKey) {
    prune(codes);
    String code = randomText.get();
    codes.put(code, new Grant(clientId, sessionKey, clock.instant().plusSeconds(CODE_SECONDS)));
    return code;
  }

  /// The key of the session behind a code, once.
  Optional<String> redeem(String clientId, String code) {
    return Optional.ofNullable(codes.remove(code))
        .filter(grant -> grant.clientId().equals(clientId) && isActive(grant))
        .map(Grant::session);
  }

  private boolean isActive(Grant grant) {
    return clock.instant().isBefore(grant.expires());
  }

  private void prune(Map<String, Grant> grants) {
    if (grants.size() > PRUNE_ABOVE) {
      grants.values().removeIf(grant -> !isActive(grant));
    }
  }

  /// Signs an access token with the claims of docs/design/authentik.md section 2.3.
  ///
  /// @param application the application it is for
  /// @param secret the client's secret
  /// @param session the session it belongs to, or null for header authentication
  String issue(
      DemoApplication application, String secret, DemoUser user, @Nullable CoreSession session) {
    long now = clock.instant().getEpochSecond();
    long expires = now + application.accessTokenValidity().toSeconds();
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("iss", coreUrl + "/application/o/" + application.slug() + "/");
    claims.put("sub", user.sub());
    claims.put("aud", application.clientId());
    claims.put("exp", expires);
    claims.put("iat", now);
    claims.put("auth_time", session == null ? now : session.began().getEpochSecond());
    claims.put("acr", "goauthentik.io/providers/oauth2/default");
    claims.put("azp", application.clientId());
    claims.put("jti", randomText.get());
    if (session != null) {
      claims.put("sid", session.sid());
    }
    claims.putAll(user.claims());
    String token = Jwt.sign(claims, secret);
    String sid = session == null ? "" : session.sid();
    prune(tokens);
    tokens.put(token, new Grant(application.clientId(), sid, Instant.ofEpochSecond(expires)));
    return token;
  }

  /// The claims of a token while it is active.
  Optional<Map<String, Object>> introspect(String token) {
    return Optional.ofNullable(tokens.get(token))
        .filter(this::isActive)
        .flatMap(grant -> Jwt.claims(token));
  }

  void revoke(Collection<String> sids) {
    tokens.values().removeIf(grant -> sids.contains(grant.session()));
  }
}
