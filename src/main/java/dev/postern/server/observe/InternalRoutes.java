package dev.postern.server.observe;

import dev.postern.accesslog.Route;
import dev.postern.net.ForwardedRequest;
import org.jspecify.annotations.Nullable;

/// Maps the admin entry point's paths to Traefik's names for internal routers and services.
final class InternalRoutes {
  private static final Route PING = named("ping@internal");
  private static final Route METRICS = named("prometheus@internal");
  private static final Route API = named("api@internal");

  private InternalRoutes() {}

  private static Route named(String name) {
    return new Route(name, name);
  }

  static @Nullable Route find(ForwardedRequest request) {
    return switch (request.subPath()) {
      case "/ping" -> PING;
      case "/metrics" -> METRICS;
      case String path -> path.startsWith("/api/") ? API : null;
    };
  }
}
