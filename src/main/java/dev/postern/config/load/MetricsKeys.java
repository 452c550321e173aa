package dev.postern.config.load;

import dev.postern.config.MetricsConfig.EntryPoint;
import dev.postern.config.key.BucketBounds;
import dev.postern.config.key.Key;
import dev.postern.config.key.KeyTable;
import dev.postern.config.key.Kind;
import dev.postern.config.key.Kinds;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// The keys of the metrics, which are Traefik's.
final class MetricsKeys {
  static final Key<Boolean> ADD_INTERNALS =
      Key.of(
          "metrics.addInternals",
          Kinds.BOOLEAN,
          "false",
          "Measures requests to the admin entry point too.");
  static final Key<Boolean> PROMETHEUS =
      Key.of(
          "metrics.prometheus",
          Kinds.SWITCH,
          "",
          "Answers /metrics, see metrics.md. On unless it is set to false.");
  static final Key<String> NAMESPACE =
      Key.of(
              "metrics.prometheus.namespace",
              Kind.scalar("a name", text -> text),
              "traefik",
              "First part of the names of Traefik's metrics; another one keeps them apart from"
                  + " those of Traefik itself.")
          .must(
              "letters, digits and underscores, a letter first",
              text -> text.matches("[A-Za-z][A-Za-z0-9_]*"));
  static final Key<List<Double>> BUCKETS =
      Key.of(
              "metrics.prometheus.buckets",
              BucketBounds.KIND,
              "0.1,0.3,1.2,5",
              "Upper bounds of Traefik's histograms of durations, in seconds.")
          .example("0.1,0.3,1.2,5");
  static final Key<Boolean> ENTRY_POINTS =
      group("addEntryPointsLabels", "true", "Measures requests by entry point.");
  static final Key<Boolean> ROUTERS =
      group("addRoutersLabels", "false", "Measures requests by router, where it is known.");
  static final Key<Boolean> SERVICES =
      group("addServicesLabels", "true", "Measures allowed requests by the router's service.");
  static final Key<String> HEADER_LABELS =
      Key.of(
              "metrics.prometheus.headerLabels" + KeyTable.ANY_NAME,
              Kind.scalar("the name of a header", text -> text),
              "",
              "A further label of Traefik's counters of requests, and the request header whose"
                  + " first value it shows. Clients choose such values: beyond the first 1000"
                  + " combinations the label reads other.")
          .example("X-Forwarded-Host")
          .must("a header's name", text -> text.matches("[!#$%&'*+.^_`|~A-Za-z0-9-]+"));
  static final Key<EntryPoint> ENTRY_POINT =
      Key.of(
          "metrics.prometheus.entryPoint",
          Kinds.oneOf(
              Map.of(
                  "admin", EntryPoint.ADMIN,
                  "traefik", EntryPoint.ADMIN,
                  "auth", EntryPoint.AUTH,
                  "auths", EntryPoint.AUTHS)),
          "admin",
          "Where /metrics is answered; traefik is another name of admin.");
  static final Key<Boolean> MANUAL_ROUTING =
      Key.of(
          "metrics.prometheus.manualRouting",
          Kinds.BOOLEAN,
          "false",
          "Answers /metrics nowhere: this program has no routers that could lead to it.");

  private static final String ONLY_PROMETHEUS =
      "is not supported: metrics are for Prometheus, whose format other collectors read too; remove"
          + " the section";

  /// What Traefik has and this program has not.
  static final Map<String, String> REFUSED =
      Map.of(
          "metrics.datadog", ONLY_PROMETHEUS,
          "metrics.influxDB2", ONLY_PROMETHEUS,
          "metrics.otlp", ONLY_PROMETHEUS,
          "metrics.statsD", ONLY_PROMETHEUS);

  private MetricsKeys() {}

  private static Key<Boolean> group(String name, String standard, String help) {
    return Key.of("metrics.prometheus." + name, Kinds.BOOLEAN, standard, help);
  }

  static Stream<Key<?>> all() {
    return Stream.of(
        ADD_INTERNALS,
        PROMETHEUS,
        NAMESPACE,
        BUCKETS,
        ENTRY_POINTS,
        ROUTERS,
        SERVICES,
        HEADER_LABELS,
        ENTRY_POINT,
        MANUAL_ROUTING);
  }
}
