package dev.postern.app;

import dev.postern.accesslog.RequestListener;
import dev.postern.config.MetricsConfig;
import dev.postern.config.MetricsConfig.Prometheus;
import dev.postern.config.StaticConfig;
import dev.postern.metrics.Meters;
import dev.postern.metrics.exposition.Format;
import dev.postern.metrics.traefik.TraefikMeters;
import dev.postern.routing.RouteTable;
import dev.postern.routing.RoutesListener;
import dev.postern.routing.definition.ProviderState;
import dev.postern.server.MetricsPage;
import dev.postern.server.edge.Limit;
import dev.postern.upstream.Admission;
import dev.postern.verdict.InFlightBudget;
import dev.postern.verdict.VerdictCache;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The metrics, and the entry points that serve them.
final class Measuring implements AutoCloseable {
  private final StaticConfig config;
  private final @Nullable Prometheus prometheus;
  private final Meters meters = new Meters(Version.number());
  private final @Nullable TraefikMeters traefik;

  Measuring(StaticConfig config, InstantSource clock) {
    this.config = config;
    MetricsConfig metrics = config.metrics();
    prometheus = metrics.prometheus();
    traefik = prometheus == null ? null : meters.traefik(prometheus, clock);
  }

  Meters meters() {
    return meters;
  }

  /// Listeners for requests to the entry points for Traefik.
  List<RequestListener> requestListeners() {
    return traefik == null ? List.of(meters) : List.of(meters, traefik);
  }

  /// Listeners for requests to the admin entry point.
  List<RequestListener> internalListeners() {
    return traefik == null || !config.metrics().addInternals() ? List.of() : List.of(traefik);
  }

  /// Notifies `next` of changes of the route table, then the meters. `next` comes first, because
  /// its revocations must not wait for them.
  RoutesListener routesListener(RoutesListener next) {
    List<RoutesListener> all =
        traefik == null ? List.of(next, meters) : List.of(next, meters, traefik);
    return new RoutesListener() {
      @Override
      public void attempted(ProviderState state) {
        all.forEach(one -> one.attempted(state));
      }

      @Override
      public void swapped(RouteTable table, boolean applicationsChanged) {
        all.forEach(one -> one.swapped(table, applicationsChanged));
      }
    };
  }

  /// Adds gauges for everything that has a limit.
  void addLimitGauges(VerdictCache cache, InFlightBudget budget, Admission admission) {
    meters.gauge("postern.cache.entries", "Entries stored.", cache::entryCount);
    meters.gauge(
        "postern.cache.bytes",
        "Memory used by entries; shared header lines count once.",
        cache::entryBytes);
    meters.gauge(
        "postern.cache.limit.bytes",
        "Maximum memory for entries.",
        config.cache().maxSize()::bytes);
    meters.gauge("postern.in.flight.bytes", "Memory used by requests in flight.", budget::held);
    meters.gauge(
        "postern.in.flight.limit.bytes",
        "Maximum memory for requests in flight.",
        config.upstream().maxInFlightSize()::bytes);
    meters.gauge("postern.checks.queued", "Checks waiting for a place.", admission::waiting);
  }

  /// Adds a counter of lost access log lines.
  void lostLines(LongSupplier lost) {
    meters.counter(
        "postern.access.log.lost.lines", "Lines of the access log that were not written.", lost);
  }

  /// Adds a gauge of the open connections of an entry point.
  void connections(String entryPoint, LongSupplier open) {
    if (traefik != null) {
      traefik.connections(entryPoint, open);
    }
  }

  /// Counters of reached limits, by the label of the limit.
  Consumer<String> limits(String entryPoint) {
    return meters.limits(entryPoint, Arrays.stream(Limit.values()).map(Limit::label).toList());
  }

  /// Adds a gauge of the expiry of an entry point's certificate.
  void certificate(String entryPoint, Supplier<X509Certificate> offered) {
    meters.certificate(entryPoint, offered);
    if (traefik != null) {
      traefik.certificate(offered);
    }
  }

  /// Prints `/metrics` for an entry point; null if it does not serve metrics.
  MetricsPage.@Nullable Printer printer(String entryPoint) {
    return prometheus == null
            || prometheus.manualRouting()
            || !prometheus.entryPoint().name().equalsIgnoreCase(entryPoint)
        ? null
        : this::page;
  }

  private MetricsPage page(@Nullable String accept) {
    Format format = Format.accepted(accept);
    return new MetricsPage(format.contentType(), meters.exposition(format));
  }

  @Override
  public void close() {
    meters.close();
  }
}
