package dev.postern.routing;

import dev.postern.http.ForwardedRequest;

/// Chooses the application of a forwarded request.
///
/// A table never changes; a reload makes a new one. This one knows no configured applications: each
/// exact host is one.
public final class RouteTable {
  /// The application that decides a request.
  ///
  /// @param request a forwarded request
  /// @return its application
  public Application select(ForwardedRequest request) {
    return new Application(request.host());
  }
}
