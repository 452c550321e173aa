package dev.postern.demo.front;

import java.net.InetSocketAddress;
import java.util.List;

/// A ForwardAuth middleware of the front proxy, with Traefik's option names.
///
/// @param address the auth server
/// @param path path and query of the auth request
/// @param trustForwardHeader whether existing `X-Forwarded-*` headers are kept
/// @param authResponseHeaders names copied from an allowing response to the request
public record ForwardAuth(
    InetSocketAddress address,
    String path,
    boolean trustForwardHeader,
    List<String> authResponseHeaders) {

  /// The headers that authentik's documentation tells operators to list.
  public static final List<String> AUTHENTIK_HEADERS =
      List.of(
          "X-authentik-username",
          "X-authentik-groups",
          "X-authentik-entitlements",
          "X-authentik-email",
          "X-authentik-name",
          "X-authentik-uid",
          "X-authentik-jwt",
          "X-authentik-meta-jwks",
          "X-authentik-meta-outpost",
          "X-authentik-meta-provider",
          "X-authentik-meta-app",
          "X-authentik-meta-version");

  /// Copies the list.
  public ForwardAuth {
    authResponseHeaders = List.copyOf(authResponseHeaders);
  }

  /// The usual middleware for authentik's outpost or for Postern before it.
  ///
  /// @param address the address of either
  /// @return the middleware, with `trustForwardHeader` as authentik's documentation has it
  public static ForwardAuth authentik(InetSocketAddress address) {
    String path = "/outpost.goauthentik.io/auth/traefik";
    return new ForwardAuth(address, path, true, AUTHENTIK_HEADERS);
  }
}
