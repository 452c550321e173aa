package dev.postern.demo.front;

import dev.postern.demo.http.HttpHandler;
import java.net.InetSocketAddress;
import java.util.Optional;

/// One host of the front proxy.
///
/// @param host the host name in lower case, without port
/// @param service answers what is let through
/// @param auth asked before the service, if there is one
/// @param outpost receives `/outpost.goauthentik.io/`, if there is one
public record Site(
    String host,
    HttpHandler service,
    Optional<ForwardAuth> auth,
    Optional<InetSocketAddress> outpost) {

  /// A host that anybody may see.
  ///
  /// @param host the host name
  /// @param service what answers
  /// @return the site
  public static Site open(String host, HttpHandler service) {
    return new Site(host, service, Optional.empty(), Optional.empty());
  }

  /// A host behind authentik's outpost or Postern.
  ///
  /// @param host the host name
  /// @param service what answers
  /// @param auth the middleware, whose address receives the outpost paths too
  /// @return the site
  public static Site guarded(String host, HttpHandler service, ForwardAuth auth) {
    return new Site(host, service, Optional.of(auth), Optional.of(auth.address()));
  }
}
