package dev.postern;

import dev.postern.accesslog.RequestListener;
import dev.postern.accesslog.Route;
import dev.postern.routing.Router;
import dev.postern.routing.Routes;
import dev.postern.server.report.Reporting;
import dev.postern.verdict.Preset;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Everybody who is told of completed requests.
final class Reports {
  private final Reporting.@Nullable Parts parts;

  Reports(Preset preset, InstantSource wallClock, LongSupplier ticker, Routes routes) {
    RequestListener listener = RequestListener.all(List.of());
    parts =
        listener == null
            ? null
            : new Reporting.Parts(
                listener,
                request -> route(routes.table().router(request)),
                preset.userHeader(),
                wallClock,
                ticker,
                new AtomicLong());
  }

  private static @Nullable Route route(@Nullable Router router) {
    if (router == null) {
      return null;
    }
    String service = router.definition().service();
    return new Route(router.name(), qualified(service, router.name()));
  }

  /// A service without a provider is one of the router's own (traefik-contract 5.5).
  private static String qualified(String service, String router) {
    return service.indexOf('@') >= 0 || service.isEmpty()
        ? service
        : service + router.substring(router.lastIndexOf('@'));
  }

  /// What entry points work with, or null when nobody wants to know.
  Reporting.@Nullable Parts parts() {
    return parts;
  }
}
