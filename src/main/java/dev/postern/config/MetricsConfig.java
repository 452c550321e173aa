package dev.postern.config;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is measured and shown, with Traefik's options (docs/design/traefik.md section 4.1).
///
/// @param prometheus the metrics for Prometheus, or null when there are none to be seen
/// @param addInternals whether requests to the admin entry point are measured
public record MetricsConfig(@Nullable Prometheus prometheus, boolean addInternals) {
  /// As it is when nothing is said.
  public static final MetricsConfig STANDARD =
      new MetricsConfig(
          new Prometheus(
              "traefik",
              List.of(0.1, 0.3, 1.2, 5.0),
              new Groups(true, false, true),
              Map.of(),
              EntryPoint.ADMIN,
              false),
          false);

  /// The entry points that can show metrics.
  public enum EntryPoint {
    /// beside the API
    ADMIN,
    /// beside forward-auth requests
    AUTH,
    /// the same over TLS
    AUTHS
  }

  /// The metrics for Prometheus.
  ///
  /// @param namespace first part of the names of Traefik's metrics
  /// @param buckets upper bounds of durations in seconds, ascending
  /// @param groups which groups there are
  /// @param headerLabels names of further labels, each with the request header that it shows
  /// @param entryPoint where `/metrics` is answered
  /// @param manualRouting whether it is answered nowhere
  public record Prometheus(
      String namespace,
      List<Double> buckets,
      Groups groups,
      Map<String, String> headerLabels,
      EntryPoint entryPoint,
      boolean manualRouting) {
    /// Copies the collections.
    public Prometheus {
      buckets = List.copyOf(buckets);
      headerLabels = Map.copyOf(headerLabels);
    }
  }

  /// The groups of Traefik's metrics.
  ///
  /// @param entryPoints `addEntryPointsLabels`
  /// @param routers `addRoutersLabels`
  /// @param services `addServicesLabels`
  public record Groups(boolean entryPoints, boolean routers, boolean services) {}
}
