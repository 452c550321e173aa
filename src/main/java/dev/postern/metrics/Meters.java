package dev.postern.metrics;

import dev.postern.verdict.CacheStatus;
import dev.postern.verdict.Feed;
import dev.postern.verdict.FeedListener;
import dev.postern.verdict.Verdict;
import dev.postern.verdict.VerdictListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.prometheus.client.Histogram;
import io.prometheus.client.exporter.common.TextFormat;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.LongSupplier;

/// Every meter that Postern has of its own.
///
/// Label values come from enumerations, never from clients, so the number of series is bounded.
// Micrometer would rather see its newer Prometheus client used, which prints other type names and
// buckets than Traefik does.
@SuppressWarnings("deprecation")
public final class Meters implements VerdictListener, AutoCloseable {
  /// The content type of [#exposition].
  public static final String CONTENT_TYPE = TextFormat.CONTENT_TYPE_004;

  private final io.micrometer.prometheus.PrometheusMeterRegistry registry =
      new io.micrometer.prometheus.PrometheusMeterRegistry(
          io.micrometer.prometheus.PrometheusConfig.DEFAULT);
  private final JvmGcMetrics garbageCollection = new JvmGcMetrics();
  private final AtomicInteger checksInFlight = new AtomicInteger();

  private final Map<CacheStatus, Counter> requests =
      counters(
          "postern.cache.requests",
          "Forward-auth requests answered, by where the answer came from.",
          "result",
          CacheStatus.class,
          CacheStatus::text);
  private final Map<NotStored, Counter> notStored =
      counters(
          "postern.cache.not.stored",
          "Allows that were relayed but not remembered, by reason.",
          "reason",
          NotStored.class,
          Meters::lowerCase);
  private final Map<Removal, Counter> removals =
      counters(
          "postern.cache.removals",
          "Entries that are gone, by cause.",
          "cause",
          Removal.class,
          Meters::lowerCase);
  private final Map<Feed, Counter> revocations =
      counters(
          "postern.revocations",
          "Revocations that took effect, by feed.",
          "feed",
          Feed.class,
          Feed::text);
  private final Map<Verdict.Fault, Counter> upstreamErrors =
      counters(
          "postern.upstream.errors",
          "Checks without a verdict, by kind.",
          "kind",
          Verdict.Fault.class,
          Meters::lowerCase);
  private final Counter loginsLimited =
      Counter.builder("postern.login.limited")
          .description("Requests refused with 429, because their client began too many logins.")
          .register(registry);
  private final Histogram checkDuration =
      Histogram.build()
          .name("postern_check_duration_seconds")
          .help("Time from the need of a check to its verdict, waiting for a place included.")
          .buckets(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25)
          .register(registry.getPrometheusRegistry());

  /// Registers everything that needs nothing else.
  ///
  /// @param version the program's version
  public Meters(String version) {
    Gauge.builder("postern.checks.in.flight", checksInFlight, AtomicInteger::get)
        .description("Checks that wait for the upstream or for a place at it.")
        .register(registry);
    Gauge.builder("postern.build.info", () -> 1)
        .description("Always 1; the labels say what is running.")
        .tag("version", version)
        .tag("java", Runtime.version().toString())
        .register(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    garbageCollection.bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
  }

  /// Registers a value that is read at each scrape.
  ///
  /// @param name name with dots, without unit suffix doubled
  /// @param help one sentence
  /// @param value reads it
  public void gauge(String name, String help, LongSupplier value) {
    // Without a strong reference the value is NaN from the first collection on.
    Gauge.builder(name, value, LongSupplier::getAsLong)
        .description(help)
        .strongReference(true)
        .register(registry);
  }

  /// Registers the meters of a feed that is in use.
  ///
  /// @param feed the feed
  /// @return keeps them
  public FeedListener feed(Feed feed) {
    return new FeedMeters(registry, feed);
  }

  /// All meters in Prometheus's text format 0.0.4.
  ///
  /// @return the text
  public String exposition() {
    return registry.scrape();
  }

  /// A request was refused, because its client began too many logins.
  public void loginLimited() {
    loginsLimited.increment();
  }

  @Override
  public void answered(String application, CacheStatus status) {
    of(requests, status).increment();
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
      of(upstreamErrors, unavailable.fault()).increment();
    }
  }

  @Override
  public void notStored(String application, NotStored reason) {
    of(notStored, reason).increment();
  }

  @Override
  public void removed(Removal reason) {
    of(removals, reason).increment();
  }

  @Override
  public void revoked(Feed feed) {
    of(revocations, feed).increment();
  }

  @Override
  public void close() {
    garbageCollection.close();
    registry.close();
  }

  private <E extends Enum<E>> Map<E, Counter> counters(
      String name, String help, String label, Class<E> kind, Function<E, String> text) {
    Map<E, Counter> counters = new EnumMap<>(kind);
    for (E value : kind.getEnumConstants()) {
      counters.put(
          value,
          Counter.builder(name).description(help).tag(label, text.apply(value)).register(registry));
    }
    return counters;
  }

  static <E extends Enum<E>> Counter of(Map<E, Counter> counters, E value) {
    Counter counter = counters.get(value);
    if (counter == null) {
      throw new IllegalStateException("every value has a counter: " + value);
    }
    return counter;
  }

  private static String lowerCase(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
