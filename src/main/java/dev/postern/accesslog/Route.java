package dev.postern.accesslog;

import dev.postern.routing.RoutedRequest;
import org.jspecify.annotations.Nullable;

/// The router of a request, if exactly one is possible.
///
/// @param router qualified name, `app@file`
/// @param service qualified name of its service
public record Route(String router, String service) {
  /// Finds the router of a request.
  @FunctionalInterface
  public interface Finder {
    /// Never finds a router.
    Finder NONE = _ -> null;

    /// Looks up the router of a request, on the I/O thread of its connection.
    ///
    /// @param request the forwarded request, or a request for an outpost path in the same form
    /// @return the router, or null unless exactly one is possible
    @Nullable Route find(RoutedRequest request);
  }
}
