package dev.postern.routing.definition;

import java.util.List;

/// Everything that one source knows at one moment.
///
/// @param routers its routers
/// @param middlewares its middlewares
/// @param applications its applications
public record Snapshot(
    List<RouterDefinition> routers,
    List<MiddlewareDefinition> middlewares,
    List<ApplicationDefinition> applications) {
  /// A source that knows nothing.
  public static final Snapshot EMPTY = new Snapshot(List.of(), List.of(), List.of());

  public Snapshot {
    routers = List.copyOf(routers);
    middlewares = List.copyOf(middlewares);
    applications = List.copyOf(applications);
  }
}
