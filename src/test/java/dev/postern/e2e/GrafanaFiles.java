package dev.postern.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// The queries in the files for Grafana and Prometheus.
final class GrafanaFiles {
  static final Path DASHBOARD = Path.of("grafana/dashboard.json");
  static final Path ALERTS = Path.of("grafana/alerts.yml");

  private GrafanaFiles() {}

  /// Each expression of the alerts by its name.
  static Map<String, String> alerts() throws IOException {
    Map<String, String> alerts = new TreeMap<>();
    new YAMLMapper()
        .readTree(Files.readString(ALERTS))
        .path("groups")
        .path(0)
        .path("rules")
        .forEach(rule -> alerts.put(rule.path("alert").asString(), rule.path("expr").asString()));
    return alerts;
  }

  /// Each query of the dashboard by its panel's title and its letter.
  static Map<String, String> queries() throws IOException {
    Map<String, String> queries = new TreeMap<>();
    for (JsonNode panel : new ObjectMapper().readTree(Files.readString(DASHBOARD)).path("panels")) {
      for (JsonNode target : panel.path("targets")) {
        queries.put(
            panel.path("title").asString() + " " + target.path("refId").asString(),
            target.path("expr").asString());
      }
    }
    return queries;
  }
}
