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

/// The keys of the metrics; the same names as Traefik's.
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
          "Serves /metrics; see metrics.md. On unless set to false.");
  static final Key<String> NAMESPACE =
      Key.of(
              "metrics.prometheus.namespace",
              Kind.scalar("a name", text -> text),
              "traefik",
              "Prefix of the metrics that have Traefik's names; set another to tell them apart from"
                  + " Traefik's own.")
          .must(
              "letters, digits and underscores, a letter first",
              text -> text.matches("[A-Za-z][A-Za-z0-9_]*"));
  static final Key<List<Double>> BUCKETS =
      Key.of(
              "metrics.prometheus.buckets",
              BucketBounds.KIND,
              "0.1,0.3,1.2,5",
              "Bucket limits of the duration histograms that have Traefik's names, in seconds.")
          .example("0.1,0.3,1.2,5");
  static final Key<Boolean> ENTRY_POINTS =
      group("addEntryPointsLabels", "true", "Measures requests by entry point.");
  static final Key<Boolean> ROUTERS =
      group("addRoutersLabels", "false", "Measures requests by router, if the router is known.");
  static final Key<Boolean> SERVICES =
      group("addServicesLabels", "true", "Measures allowed requests by the router's service.");
  static final Key<String> HEADER_LABELS =
      Key.of(
              "metrics.prometheus.headerLabels" + KeyTable.ANY_NAME,
              Kind.scalar("the name of a header", text -> text),
              "",
              "Additional label of the request counters that have Traefik's names; its value is the"
                  + " first value of this request header. Clients choose these values: after 1000"
                  + " combinations the label is other.")
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
          "Entry point that serves /metrics; traefik is an alias of admin.");
  static final Key<Boolean> MANUAL_ROUTING =
      Key.of(
          "metrics.prometheus.manualRouting",
          Kinds.BOOLEAN,
          "false",
          "Disables /metrics on every entry point, because Postern has no routers to serve it by.");

  private static final String ONLY_PROMETHEUS =
      "is not supported: metrics are in Prometheus format, which other collectors can read too;"
          + " remove the section";

  /// Keys that Traefik has and Postern does not, with the message for each.
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
