package dev.postern.metrics.traefik;

import io.prometheus.client.Collector;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The families that describe the current state.
final class State extends Collector {
  private static final Pattern COMMON_NAME = Pattern.compile("(?:^|,)CN=((?:[^,\\\\]|\\\\.)*)");
  private static final int DNS_NAME = 2;

  private final String namespace;
  private final Map<String, LongSupplier> connections = new ConcurrentSkipListMap<>();
  private final List<Supplier<X509Certificate>> certificates = new CopyOnWriteArrayList<>();
  private final LongAdder reloads = new LongAdder();
  private final AtomicLong lastReloadMillis = new AtomicLong();

  State(String namespace) {
    this.namespace = namespace;
  }

  void reloaded(long millis) {
    reloads.increment();
    lastReloadMillis.set(millis);
  }

  void connections(String entryPoint, LongSupplier open) {
    connections.put(entryPoint, open);
  }

  void certificate(Supplier<X509Certificate> offered) {
    certificates.add(offered);
  }

  @Override
  public List<MetricFamilySamples> collect() {
    return List.of(
        family(
            "config_reloads_total",
            Type.COUNTER,
            "Reloads of the configuration of routers and applications.",
            List.of(sample("config_reloads_total", List.of(), List.of(), reloads.sum()))),
        family(
            "config_last_reload_success",
            Type.GAUGE,
            "Time of the last successful reload, Unix time; 0 before the first.",
            List.of(
                sample(
                    "config_last_reload_success",
                    List.of(),
                    List.of(),
                    Math.floorDiv(lastReloadMillis.get(), TimeUnit.SECONDS.toMillis(1))))),
        family(
            "open_connections", Type.GAUGE, "Open connections by entry point.", openConnections()),
        family(
            "tls_certs_not_after",
            Type.GAUGE,
            "Expiry of the current certificates, Unix time.",
            notAfter()));
  }

  private List<MetricFamilySamples.Sample> openConnections() {
    List<MetricFamilySamples.Sample> samples = new ArrayList<>();
    connections.forEach((entryPoint, open) ->
        samples.add(
            sample(
                "open_connections",
                List.of("entrypoint", "protocol"),
                List.of(entryPoint, "TCP"),
                open.getAsLong())));
    return samples;
  }

  private List<MetricFamilySamples.Sample> notAfter() {
    List<MetricFamilySamples.Sample> samples = new ArrayList<>();
    for (Supplier<X509Certificate> offered : certificates) {
      X509Certificate certificate = offered.get();
      samples.add(
          sample(
              "tls_certs_not_after",
              List.of("cn", "sans", "serial"),
              List.of(
                  commonName(certificate),
                  names(certificate),
                  certificate.getSerialNumber().toString()),
              certificate.getNotAfter().toInstant().getEpochSecond()));
    }
    return samples;
  }

  private static String commonName(X509Certificate certificate) {
    Matcher matcher = COMMON_NAME.matcher(certificate.getSubjectX500Principal().getName());
    return matcher.find() ? matcher.group(1) : "";
  }

  private static String names(X509Certificate certificate) {
    try {
      var names = certificate.getSubjectAlternativeNames();
      return names == null
          ? ""
          : names.stream()
              .filter(name -> Integer.valueOf(DNS_NAME).equals(name.get(0)))
              .map(name -> String.valueOf(name.get(1)))
              .sorted()
              .collect(Collectors.joining(","));
    } catch (CertificateParsingException e) {
      return "";
    }
  }

  private MetricFamilySamples family(
      String name, Type type, String help, List<MetricFamilySamples.Sample> samples) {
    return new MetricFamilySamples(namespace + "_" + name, type, help, samples);
  }

  private MetricFamilySamples.Sample sample(
      String name, List<String> labels, List<String> values, long value) {
    return new MetricFamilySamples.Sample(namespace + "_" + name, labels, values, (double) value);
  }
}
