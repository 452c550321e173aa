package dev.postern.server.admin;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.postern.config.Secret;
import dev.postern.server.LoopbackHost;
import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import java.security.MessageDigest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Who may use the admin API.
///
/// Off loopback everybody needs the token. On loopback nobody does while none is configured, but
/// then a browser must not be led here: the `Host` has to be loopback (DNS rebinding), and a
/// foreign `Origin` is refused in any case.
public final class AdminAccess {
  private final boolean loopback;
  private final @Nullable Secret token;

  /// Makes the rule.
  ///
  /// @param loopback whether the entry point listens on loopback alone
  /// @param token the configured token, or null
  public AdminAccess(boolean loopback, @Nullable Secret token) {
    this.loopback = loopback;
    this.token = token;
  }

  /// Why a request may not pass.
  ///
  /// @param status HTTP status
  /// @param message one sentence
  record Refusal(int status, String message) {}

  /// Judges a request.
  Optional<Refusal> refusal(HeaderMap headers) {
    if (token == null && !loopback) {
      return Optional.of(
          new Refusal(403, "The API is off: admin.token is not set and this is not loopback."));
    }
    if (hasForeignOrigin(headers)) {
      return Optional.of(new Refusal(403, "Requests of other origins are refused."));
    }
    if (token != null) {
      return carries(headers, token)
          ? Optional.empty()
          : Optional.of(new Refusal(401, "Authorization: Bearer with admin.token is needed."));
    }
    return hasLoopbackHost(headers)
        ? Optional.empty()
        : Optional.of(new Refusal(403, "Without a token the Host has to be loopback."));
  }

  /// Whether a request asks for this machine by a name that only this machine has, and not by one
  /// that somebody else has made to lead here (DNS rebinding).
  static boolean hasLoopbackHost(HeaderMap headers) {
    return headers.count(Headers.HOST) == 1 && LoopbackHost.is(headers.getFirst(Headers.HOST));
  }

  private static boolean hasForeignOrigin(HeaderMap headers) {
    String origin = headers.getFirst(Headers.ORIGIN);
    if (origin == null) {
      return false;
    }
    String host = headers.getFirst(Headers.HOST);
    return headers.count(Headers.ORIGIN) > 1
        || host == null
        || !(origin.equalsIgnoreCase("http://" + host)
            || origin.equalsIgnoreCase("https://" + host));
  }

  private static boolean carries(HeaderMap headers, Secret token) {
    String authorization = headers.getFirst(Headers.AUTHORIZATION);
    String scheme = "Bearer ";
    return authorization != null
        && headers.count(Headers.AUTHORIZATION) == 1
        && authorization.regionMatches(true, 0, scheme, 0, scheme.length())
        && MessageDigest.isEqual(
            authorization.substring(scheme.length()).strip().getBytes(ISO_8859_1),
            token.value().getBytes(UTF_8));
  }
}
