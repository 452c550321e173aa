package dev.postern.demo.front;

import dev.postern.demo.http.HttpHandler;
import java.net.InetSocketAddress;
import java.util.Optional;

/// One host of the front proxy.
///
/// @param host the host name in lower case, without port
/// @param service handles allowed requests
/// @param auth checks requests before the service, if present
/// @param outpost receives `/outpost.goauthentik.io/`, if present
public record Site(
    String host,
    HttpHandler service,
    Optional<ForwardAuth> auth,
    Optional<InetSocketAddress> outpost) {

  /// A host without authentication.
  ///
  /// @param host the host name
  /// @param service handles its requests
  public static Site open(String host, HttpHandler service) {
    return new Site(host, service, Optional.empty(), Optional.empty());
  }

  /// A host behind authentik's outpost or Postern.
  ///
  /// @param host the host name
  /// @param service handles its requests
  /// @param auth the middleware, whose address receives the outpost paths too
  public static Site guarded(String host, HttpHandler service, ForwardAuth auth) {
    return new Site(host, service, Optional.of(auth), Optional.of(auth.address()));
  }
}
