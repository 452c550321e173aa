package dev.postern.routing.definition;

import java.util.List;

/// All data of one source at one moment.
public record Snapshot(
    List<RouterDefinition> routers,
    List<MiddlewareDefinition> middlewares,
    List<ApplicationDefinition> applications) {
  /// No data.
  public static final Snapshot EMPTY = new Snapshot(List.of(), List.of(), List.of());

  public Snapshot {
    routers = List.copyOf(routers);
    middlewares = List.copyOf(middlewares);
    applications = List.copyOf(applications);
  }
}
