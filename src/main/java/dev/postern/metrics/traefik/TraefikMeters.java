package dev.postern.metrics.traefik;

import dev.postern.accesslog.CompletedRequest;
import dev.postern.accesslog.Outcome;
import dev.postern.accesslog.RequestListener;
import dev.postern.accesslog.Route;
import dev.postern.config.MetricsConfig;
import dev.postern.metrics.exposition.Durations;
import dev.postern.routing.RouteTable;
import dev.postern.routing.Router;
import dev.postern.routing.RoutesListener;
import io.prometheus.client.CollectorRegistry;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Traefik's metrics for the requests that Postern handles.
///
/// A request counts for its router if exactly one is possible, and for that router's service if
/// Traefik then lets it through.
public final class TraefikMeters implements RequestListener, RoutesListener {
  private static final String INTERNAL = "@internal";

  private final InstantSource clock;
  private final State state;
  private final @Nullable Group<String> entryPoints;
  private final @Nullable Group<Route> routers;
  private final @Nullable Group<String> services;
  private volatile Set<String> routerNames = Set.of();
  private volatile Set<String> serviceNames = Set.of();

  /// Registers the families.
  ///
  /// @param config which of them are enabled
  /// @param clock supplies the time of a configuration reload
  public TraefikMeters(
      CollectorRegistry registry, MetricsConfig.Prometheus config, InstantSource clock) {
    this.clock = clock;
    state = new State(config.namespace());
    registry.register(state);
    Durations.Bounds bounds = new Durations.Bounds(config.buckets());
    HeaderLabels headers = new HeaderLabels(config.headerLabels());
    String namespace = config.namespace();
    entryPoints =
        config.groups().entryPoints()
            ? new Group<>(
                new GroupFamilies(
                    namespace + "_entrypoint",
                    " by an entry point",
                    List.of("entrypoint"),
                    bounds,
                    headers),
                name -> Map.of("entrypoint", name),
                _ -> true)
            : null;
    routers =
        config.groups().routers()
            ? new Group<>(
                new GroupFamilies(
                    namespace + "_router",
                    " for a router",
                    List.of("router", "service"),
                    bounds,
                    headers),
                route -> Map.of("router", route.router(), "service", route.service()),
                member ->
                    isCurrent(routerNames, member.named("router"))
                        && isCurrent(serviceNames, member.named("service")))
            : null;
    services =
        config.groups().services()
            ? new Group<>(
                new GroupFamilies(
                    namespace + "_service", " for a service", List.of("service"), bounds, headers),
                name -> Map.of("service", name),
                member -> isCurrent(serviceNames, member.named("service")))
            : null;
    register(registry, entryPoints);
    register(registry, routers);
    register(registry, services);
  }

  private static void register(CollectorRegistry registry, @Nullable Group<?> group) {
    if (group != null) {
      registry.register(group);
    }
  }

  private static boolean isCurrent(Set<String> names, String name) {
    return names.contains(name) || name.endsWith(INTERNAL);
  }

  /// Registers the open connections of an entry point.
  ///
  /// @param entryPoint its name
  /// @param open counts them
  public void connections(String entryPoint, LongSupplier open) {
    state.connections(entryPoint, open);
  }

  /// Registers the expiry of a certificate.
  ///
  /// @param offered the current certificate
  public void certificate(Supplier<X509Certificate> offered) {
    state.certificate(offered);
  }

  @Override
  public void completed(CompletedRequest request) {
    int measured = Measured.of(request);
    if (entryPoints != null) {
      entryPoints.record(request.connection().entryPoint(), measured, request);
    }
    Route route = request.finding().route();
    if (route != null) {
      if (routers != null) {
        routers.record(route, measured, request);
      }
      if (services != null && reachesService(request)) {
        services.record(route.service(), measured, request);
      }
    }
  }

  /// Traefik lets a request through on any 2xx (docs/design/traefik.md section 1.5). A request that
  /// is no forward-auth request has reached its service already.
  private static boolean reachesService(CompletedRequest request) {
    CompletedRequest.Finding finding = request.finding();
    return finding.application() == null
        ? finding.outcome() == Outcome.OUTPOST || finding.outcome() == Outcome.INTERNAL
        : request.answer().status() / 100 == 2;
  }

  @Override
  public void swapped(RouteTable table, boolean applicationsChanged) {
    routerNames =
        table.routers().stream().map(Router::name).collect(Collectors.toUnmodifiableSet());
    serviceNames =
        table.routers().stream().map(Router::service).collect(Collectors.toUnmodifiableSet());
    state.reloaded(clock.millis());
  }
}
