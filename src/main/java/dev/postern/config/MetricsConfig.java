package dev.postern.config;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Which metrics exist and where they are served, with Traefik's options (docs/design/traefik.md
/// section 4.1).
///
/// @param prometheus the metrics in Prometheus format, or null when they are disabled
/// @param addInternals whether requests to the admin entry point are measured
public record MetricsConfig(@Nullable Prometheus prometheus, boolean addInternals) {
  /// The defaults.
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

  /// The entry points that can serve metrics.
  public enum EntryPoint {
    /// together with the API
    ADMIN,
    /// together with forward-auth requests
    AUTH,
    /// the same entry point over TLS
    AUTHS
  }

  /// The metrics in Prometheus format.
  ///
  /// @param namespace prefix of the metrics that have Traefik's names
  /// @param buckets bucket limits of durations in seconds, ascending
  /// @param groups which groups of metrics are enabled
  /// @param headerLabels names of additional labels, each with the request header for its value
  /// @param entryPoint entry point that serves `/metrics`
  /// @param manualRouting true disables `/metrics` on every entry point
  public record Prometheus(
      String namespace,
      List<Double> buckets,
      Groups groups,
      Map<String, String> headerLabels,
      EntryPoint entryPoint,
      boolean manualRouting) {
    public Prometheus {
      buckets = List.copyOf(buckets);
      headerLabels = Map.copyOf(headerLabels);
    }
  }

  /// The groups of metrics that have Traefik's names, each with its option.
  ///
  /// @param entryPoints `addEntryPointsLabels`
  /// @param routers `addRoutersLabels`
  /// @param services `addServicesLabels`
  public record Groups(boolean entryPoints, boolean routers, boolean services) {}
}
