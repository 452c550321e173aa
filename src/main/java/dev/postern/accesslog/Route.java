package dev.postern.accesslog;

import dev.postern.routing.RoutedRequest;
import org.jspecify.annotations.Nullable;

/// The router that a request came by, where exactly one can have been it.
///
/// @param router qualified name, `app@file`
/// @param service qualified name of its service
public record Route(String router, String service) {
  /// Says by which router a request came.
  @FunctionalInterface
  public interface Finder {
    /// Nobody knows.
    Finder NONE = _ -> null;

    /// Looks the router of a request up, on the I/O thread of its connection.
    ///
    /// @param request the forwarded request, or a request for an outpost path in the same form
    /// @return the router, or null unless exactly one is possible
    @Nullable Route find(RoutedRequest request);
  }
}
