package dev.postern;

import dev.postern.accesslog.Route;
import dev.postern.http.ForwardedRequest;
import dev.postern.routing.RouteTable;
import dev.postern.routing.Router;
import dev.postern.routing.Routes;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Looks routers up in the present route table; their names are made once for each table.
final class RouteFinder implements Route.Finder {
  private record Named(RouteTable table, Map<String, Route> byRouter) {
    static Named of(RouteTable table) {
      Map<String, Route> byRouter = new HashMap<>();
      for (Router router : table.routers()) {
        byRouter.put(router.name(), new Route(router.name(), router.service()));
      }
      return new Named(table, byRouter);
    }
  }

  private final Routes routes;
  private volatile Named named = Named.of(RouteTable.EMPTY);

  RouteFinder(Routes routes) {
    this.routes = routes;
  }

  @Override
  public @Nullable Route find(ForwardedRequest request) {
    RouteTable table = routes.table();
    Router router = table.router(request);
    if (router == null) {
      return null;
    }
    Named present = named;
    if (present.table() != table) {
      present = Named.of(table);
      named = present;
    }
    return present.byRouter().get(router.name());
  }
}
