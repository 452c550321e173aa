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

/// Decides who may use the admin API.
///
/// If the entry point is not on loopback, the token is always required. On loopback without a
/// configured token none is required, but then no web page may reach the API through a browser: the
/// `Host` must be loopback (DNS rebinding). Requests with a foreign `Origin` are always refused.
public final class AdminAccess {
  private final boolean loopback;
  private final @Nullable Secret token;

  /// @param loopback whether the entry point listens only on loopback
  /// @param token the configured token, or null
  public AdminAccess(boolean loopback, @Nullable Secret token) {
    this.loopback = loopback;
    this.token = token;
  }

  /// Why a request is refused.
  ///
  /// @param message one sentence for users
  record Refusal(int status, String message) {}

  /// The refusal of a request, if there is one.
  Optional<Refusal> refusal(HeaderMap headers) {
    if (token == null && !loopback) {
      return Optional.of(
          new Refusal(
              403, "The API is disabled: admin.token is not set and this is not loopback."));
    }
    if (hasForeignOrigin(headers)) {
      return Optional.of(new Refusal(403, "Requests from other origins are refused."));
    }
    if (token != null) {
      return carries(headers, token)
          ? Optional.empty()
          : Optional.of(new Refusal(401, "Authorization: Bearer with admin.token is required."));
    }
    return hasLoopbackHost(headers)
        ? Optional.empty()
        : Optional.of(new Refusal(403, "Without a token the Host must be loopback."));
  }

  /// Whether the `Host` is loopback, and not a foreign name that resolves to loopback (DNS
  /// rebinding).
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
