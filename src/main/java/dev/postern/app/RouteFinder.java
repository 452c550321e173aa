package dev.postern.app;

import dev.postern.accesslog.Route;
import dev.postern.routing.RoutedRequest;
import dev.postern.routing.Router;
import dev.postern.routing.Routes;
import org.jspecify.annotations.Nullable;

/// Finds routers in the current route table.
final class RouteFinder implements Route.Finder {
  private final Routes routes;

  RouteFinder(Routes routes) {
    this.routes = routes;
  }

  @Override
  public @Nullable Route find(RoutedRequest request) {
    Router router = routes.table().router(request);
    return router == null ? null : new Route(router.name(), router.service());
  }
}
