package dev.postern.metrics;

import dev.postern.accesslog.CompletedRequest;
import dev.postern.accesslog.RequestListener;
import dev.postern.accesslog.Route;
import dev.postern.config.MetricsConfig;
import dev.postern.metrics.exposition.Exposition;
import dev.postern.metrics.exposition.Format;
import dev.postern.metrics.traefik.TraefikMeters;
import dev.postern.routing.RouteTable;
import dev.postern.routing.Router;
import dev.postern.routing.RoutesListener;
import dev.postern.routing.definition.ProviderState;
import dev.postern.verdict.CacheStatus;
import dev.postern.verdict.FeedListener;
import dev.postern.verdict.RevocationSource;
import dev.postern.verdict.Verdict;
import dev.postern.verdict.VerdictListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.prometheus.client.Histogram;
import java.nio.ByteBuffer;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// All of Postern's own meters.
///
/// Label values come from enumerations and from the configuration, never from clients, so the
/// number of series is bounded. Micrometer recommends its newer Prometheus client, but that prints
/// other type names and buckets than Traefik.
@SuppressWarnings("deprecation")
public final class Meters
    implements VerdictListener, RequestListener, RoutesListener, AutoCloseable {
  private final io.micrometer.prometheus.PrometheusMeterRegistry registry =
      new io.micrometer.prometheus.PrometheusMeterRegistry(
          io.micrometer.prometheus.PrometheusConfig.DEFAULT);
  private final JvmGcMetrics garbageCollection = new JvmGcMetrics();

  /// Strong references, because Micrometer keeps only weak ones to these suppliers.
  private final List<LongSupplier> counts = new CopyOnWriteArrayList<>();

  private final AtomicInteger checksInFlight = new AtomicInteger();

  private final ApplicationMeters applications = new ApplicationMeters(registry);
  private final ProviderMeters providers = new ProviderMeters(registry);
  private final RouterCounts routers = new RouterCounts();
  private final RequestDurations requestDurations = new RequestDurations();
  private final Exposition exposition = new Exposition(registry.getPrometheusRegistry());
  private final CounterMap<NotStored> notStored =
      new CounterMap.Family<>(
              "postern.cache.not.stored",
              "Allows that were relayed but not stored, by reason.",
              "reason",
              NotStored.class,
              NotStored::text)
          .in(registry);
  private final CounterMap<Removal> removals =
      CounterMap.Family.of(
              "postern.cache.removals", "Entries removed, by cause.", "cause", Removal.class)
          .in(registry);
  private final CounterMap<RevocationSource> revocations =
      new CounterMap.Family<>(
              "postern.revocations",
              "Effective revocations, by feed.",
              "feed",
              RevocationSource.class,
              RevocationSource::text)
          .in(registry);
  private final CounterMap<Verdict.Fault> upstreamErrors =
      CounterMap.Family.of(
              "postern.upstream.errors",
              "Checks without a verdict, by kind.",
              "kind",
              Verdict.Fault.class)
          .in(registry);
  private final Counter loginsLimited =
      Counter.builder("postern.login.limited")
          .description("Requests refused with 429, because their client started too many logins.")
          .register(registry);
  private final Histogram checkDuration =
      Histogram.build()
          .name("postern_check_duration_seconds")
          .help("Duration of a check, including the wait for a slot.")
          .buckets(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25)
          .register(registry.getPrometheusRegistry());

  /// Registers the meters that need no other object.
  ///
  /// @param version the program's version
  public Meters(String version) {
    Gauge.builder("postern.checks.in.flight", checksInFlight, AtomicInteger::get)
        .description("Checks that wait for the upstream or for a slot.")
        .register(registry);
    Gauge.builder("postern.build.info", () -> 1)
        .description("Always 1; the labels give the running version.")
        .tag("version", version)
        .tag("java", Runtime.version().toString())
        .register(registry);
    registry.getPrometheusRegistry().register(requestDurations);
    registry.getPrometheusRegistry().register(new ProcessMeters());
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    garbageCollection.bindTo(registry);
  }

  /// Registers a value that is read at each scrape.
  ///
  /// @param name name with dots; the unit must not be repeated as a suffix
  /// @param help one sentence
  public void gauge(String name, String help, LongSupplier value) {
    // Without a strong reference the value is NaN from the first garbage collection on.
    Gauge.builder(name, value, LongSupplier::getAsLong)
        .description(help)
        .strongReference(true)
        .register(registry);
  }

  /// Registers the meters of a feed that is in use.
  ///
  /// @return updates them
  public FeedListener feed(RevocationSource feed) {
    return new FeedMeters(registry, feed);
  }

  /// Registers a count that is kept elsewhere.
  ///
  /// @param name name with dots, without `total`
  /// @param help one sentence
  /// @param count reads it; it must never decrease
  public void counter(String name, String help, LongSupplier count) {
    counts.add(count);
    FunctionCounter.builder(name, count, LongSupplier::getAsLong)
        .description(help)
        .register(registry);
  }

  /// Registers counters of the limits of an entry point.
  ///
  /// @param entryPoint its name
  /// @param limits the names of its limits
  /// @return increments the counter of the limit with this name
  public Consumer<String> limits(String entryPoint, Collection<String> limits) {
    Map<String, Counter> counters =
        limits.stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    limit -> limit,
                    limit ->
                        Counter.builder("postern.entrypoint.limits")
                            .description("Requests and connections refused or closed by a limit.")
                            .tag("entrypoint", entryPoint)
                            .tag("limit", limit)
                            .register(registry)));
    return limit -> {
      Counter counter = counters.get(limit);
      if (counter != null) {
        counter.increment();
      }
    };
  }

  /// Registers the expiry of an entry point's certificate.
  ///
  /// @param entryPoint its name
  /// @param offered the current certificate
  public void certificate(String entryPoint, Supplier<X509Certificate> offered) {
    Gauge.builder(
            "postern.certificate.expiry.timestamp.seconds",
            offered,
            certificate -> certificate.get().getNotAfter().toInstant().getEpochSecond())
        .description("Expiry of the current certificate, Unix time.")
        .tag("entrypoint", entryPoint)
        .strongReference(true)
        .register(registry);
  }

  /// Registers Traefik's metrics in addition.
  ///
  /// @param config which of them are enabled
  /// @param clock supplies the time of a configuration reload
  /// @return updates them
  public TraefikMeters traefik(MetricsConfig.Prometheus config, InstantSource clock) {
    return new TraefikMeters(registry.getPrometheusRegistry(), config, clock);
  }

  /// Prints all metrics with their current values.
  public ByteBuffer exposition(Format format) {
    return exposition.print(format);
  }

  /// Responses of one application since it was configured.
  ///
  /// @param application the name of a configured application; any other name means all others
  ///   together
  /// @return the counts by where the responses came from
  public Map<CacheStatus, Long> answersByApplication(String application) {
    return applications.of(application).requests().counts();
  }

  /// The sum of [#answersByApplication].
  public long requestsOfApplication(String application) {
    return sum(answersByApplication(application));
  }

  /// Responses to requests of one router since it was configured.
  ///
  /// @param router its qualified name
  /// @return the counts by where the responses came from
  public Map<CacheStatus, Long> answersByRouter(String router) {
    return routers.of(router);
  }

  /// The sum of [#answersByRouter].
  ///
  /// @param router its qualified name
  public long requestsByRouter(String router) {
    return sum(answersByRouter(router));
  }

  private static long sum(Map<CacheStatus, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  /// A request was refused, because its client started too many logins.
  public void loginLimited() {
    loginsLimited.increment();
  }

  @Override
  public void completed(CompletedRequest request) {
    CompletedRequest.Finding finding = request.finding();
    String application = finding.application();
    if (application != null) {
      applications.of(application).verdicts().increment(finding.outcome());
    }
    CacheStatus status = finding.cacheStatus();
    if (status != null) {
      requestDurations.record(status, request.timing().nanos());
      Route route = finding.route();
      if (route != null) {
        routers.increment(route.router(), status);
      }
    }
  }

  @Override
  public void attempted(ProviderState state) {
    providers.attempted(state);
  }

  @Override
  public void swapped(RouteTable table, boolean applicationsChanged) {
    applications.configure(
        table.applications().stream()
            .map(listed -> listed.application().name())
            .collect(Collectors.toUnmodifiableSet()));
    routers.retain(table.routers().stream().map(Router::name).collect(Collectors.toSet()));
  }

  @Override
  public void answered(String application, CacheStatus status) {
    applications.of(application).requests().increment(status);
  }

  @Override
  public void checkStarted() {
    checksInFlight.incrementAndGet();
  }

  @Override
  public void checkEnded(Verdict verdict, long nanos) {
    checksInFlight.decrementAndGet();
    checkDuration.observe(nanos / 1e9);
    if (verdict instanceof Verdict.Unavailable unavailable) {
      upstreamErrors.increment(unavailable.fault());
    }
  }

  @Override
  public void refused(Verdict.Fault fault) {
    upstreamErrors.increment(fault);
  }

  @Override
  public void notStored(String application, NotStored reason) {
    notStored.increment(reason);
  }

  @Override
  public void removed(Removal reason) {
    removals.increment(reason);
  }

  @Override
  public void revoked(RevocationSource feed) {
    revocations.increment(feed);
  }

  @Override
  public void close() {
    garbageCollection.close();
    registry.close();
  }
}
