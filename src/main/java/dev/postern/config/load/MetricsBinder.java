package dev.postern.config.load;

import dev.postern.config.EntryPointsConfig;
import dev.postern.config.MetricsConfig;
import dev.postern.config.MetricsConfig.EntryPoint;
import dev.postern.config.MetricsConfig.Groups;
import dev.postern.config.MetricsConfig.Prometheus;
import dev.postern.config.key.Key;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// Converts settings to the metrics' configuration records.
final class MetricsBinder {
  private static final Pattern LABEL = Pattern.compile("(?!__)[A-Za-z_][A-Za-z0-9_]*");
  private static final Set<String> TAKEN =
      Set.of("code", "method", "protocol", "entrypoint", "router", "service");

  private final Settings settings;

  MetricsBinder(Settings settings) {
    this.settings = settings;
  }

  MetricsConfig config(EntryPointsConfig entryPoints) {
    Boolean on = settings.find(MetricsKeys.PROMETHEUS);
    Prometheus prometheus = prometheus(entryPoints);
    return new MetricsConfig(
        on == null || on ? prometheus : null, settings.get(MetricsKeys.ADD_INTERNALS));
  }

  private Prometheus prometheus(EntryPointsConfig entryPoints) {
    return new Prometheus(
        settings.get(MetricsKeys.NAMESPACE),
        settings.get(MetricsKeys.BUCKETS),
        new Groups(
            settings.get(MetricsKeys.ENTRY_POINTS),
            settings.get(MetricsKeys.ROUTERS),
            settings.get(MetricsKeys.SERVICES)),
        headerLabels(),
        entryPoint(entryPoints),
        settings.get(MetricsKeys.MANUAL_ROUTING));
  }

  private Map<String, String> headerLabels() {
    var labels = new HashMap<String, String>();
    settings
        .each(MetricsKeys.HEADER_LABELS)
        .forEach((label, key) -> {
          String header = settings.find(key);
          checkLabel(label, key);
          if (header != null) {
            labels.put(label, header);
          }
        });
    return labels;
  }

  private void checkLabel(String label, Key<String> key) {
    if (TAKEN.contains(label)) {
      settings.problem(settings.where(key), "is already a label; choose another name");
    } else if (!LABEL.matcher(label).matches()) {
      settings.problem(
          settings.where(key),
          "is not a valid label name; write letters, digits and underscores, no digit first and not"
              + " two underscores");
    }
  }

  private EntryPoint entryPoint(EntryPointsConfig entryPoints) {
    EntryPoint chosen = settings.get(MetricsKeys.ENTRY_POINT);
    boolean isOpen =
        switch (chosen) {
          case ADMIN -> true;
          case AUTH -> entryPoints.auth() != null;
          case AUTHS -> entryPoints.auths() != null;
        };
    if (!isOpen) {
      settings.problem(
          settings.where(MetricsKeys.ENTRY_POINT), "names an entry point that is not open");
    }
    return chosen;
  }
}
